// The demo desk: what came in today.
#include "app/demo/script.hpp"

namespace firstline::app::demo {

// What is open now: told in minutes before now, so that the queues look like those of a working day at any hour.
std::string_view today_stories() {
    return R"story(
@ mail-delayed 310m email signe signe email
= Mails to patients arrive hours late
> Confirmations that we send in the morning reach the patients in the afternoon. Several have called.
+9m aisha triage email-delivery 2 2 email
+3m aisha escalate platform | Queue of the outgoing mail server is growing
+20m daniel start
+15m daniel note | 2,300 mails wait. One provider slows us down since a newsletter of yesterday.
+30m daniel reply | Signe, your confirmations now leave by a second address and arrive at once. We work off the rest.
+40m daniel hold awaiting_vendor | Provider asked to lift the limit, case 5519-22.

@ erp-print-invoices 285m phone jonas oliver erp
= Invoices print without the bank details
> The footer is missing since this morning. We have stopped sending invoices.
+4m jonas triage applications-error 2 1 erp
+5m yuki start
+30m yuki escalate erp-engineering paula | The form was changed in the release of last night
+12m paula start
+25m paula note | The new form takes the bank from a field that is empty for three companies. Correction is being tested.
+20m paula reply | We have found the cause and test the correction. You can print again by early afternoon.

@ laptop-battery-swollen 260m walk_in karl nora workplace-pc
= Laptop does not close any more, the bottom is bulging
> Nora has brought it; it lies in the fireproof box.
+2m karl triage hardware-computer 3 1 workplace-pc
+1m karl start
+10m karl note | Swollen battery. Disk taken out, new laptop of the same model prepared from stock.
+1h karl resolve fixed | You have a new laptop with your old disk. Thank you for bringing the swollen one at once, that is dangerous.

@ vpn-certificate-brask 240m portal simon simon vpn
= VPN says "certificate not trusted" since this morning
> On my machine and on Arne's. We are at a customer's site and need the drawings.
+6m elena triage network-vpn 2 1 vpn
+4m elena assign network | Several people of Brask
+10m pavel start
+12m pavel hold awaiting_requester | Could you send me the name that the message shows as issuer? A photograph will do.
+50m simon message | It says "Halden Issuing CA 2".
+14m pavel note | The new issuing certificate did not reach machines that have been away from the office for weeks.

@ records-slow-morning 215m phone grace thomas patient-records
= Patient records take a minute to open
> Dr Andersen has patients waiting.
+2m grace triage applications-error 2 1 patient-records
+2m grace raise sofia | The clinic's consultation hour is running
+6m sofia start
+9m sofia note | Only Bergen. Stavanger is quick.
+5m sofia assign network ingrid | Line to Bergen drops packets
+7m ingrid start
+25m ingrid reply | We have moved Bergen to the second line. Please tell us whether it is quick again.
+10m thomas message | Better, yes. Still not as it was.
+15m ingrid hold awaiting_vendor | The provider measures the line to Bergen, case 70-3402.

@ new-starter-brask 200m portal birgit birgit sign-in
= Two summer interns start in two weeks
> Names and dates are in the form. They need accounts, mail and the design program.
+25m aisha triage access-account 3 3 sign-in request
+6m aisha assign identity | New accounts

@ badge-reader 190m portal piotr piotr -
= Time terminal at gate 2 does not read badges
> Red light, no beep. We write our hours down by hand.
+12m tomas triage hardware-computer 2 2
+5m tomas assign onsite-support | Terminal in Drammen
+20m grace start
+15m grace hold scheduled 20h | The electrician comes tomorrow morning; the terminal hangs on the circuit he repairs.

@ crm-mobile-app 175m portal priya priya crm
= Customer database app on the phone shows an empty list
> Since the update of the app. In the browser everything is there.
+14m ben triage applications-error 3 3 crm
+30m ben start
+10m ben reply | Hello Priya, the new app asks for a permission that is off by default. I am preparing it for everybody; I will tell you when.

@ share-permission-customs 160m portal emma emma file-shares
= Folder "Tariffs" is read-only for me now
> I could write there until yesterday.
+8m jonas triage data-share 3 2 file-shares
+4m jonas assign identity | Rights were tidied up yesterday
+20m felix start
+15m felix resolve fixed | Your group had been taken out by the tidy-up. You can write again.

@ conference-camera 150m portal samuel samuel meetings
= Camera in meeting room Skog looks at the ceiling
> It does not move any more. We have visitors tomorrow at ten.
+18m mia triage hardware-room 3 3 meetings
+5m mia assign onsite-support | Before ten tomorrow

@ disk-alert-backup 140m monitoring elena - file-shares
= Backup of the file servers failed: target full
> Last good backup: yesterday 02:00. 212 GB missing.
+4m elena triage monitoring-backup 2 2 file-shares
+3m elena escalate platform | No backup of last night
+15m lena start
+20m lena note | The films of radiology again. Old restore points of test machines removed, backup started anew.

@ wifi-clinic-guests 125m email astrid astrid office-network
= Guests cannot get into the Wi-Fi at the clinic
> The page with the code does not open.
+15m elena triage network-wifi 2 3 office-network
+4m elena assign network

@ password-reset-queue 110m phone aisha rafael sign-in
= Forgot the password after the weekend
> Rafael stands at the terminal in hall 2.
+2m aisha triage access-password 3 2
+1m aisha start
+3m aisha resolve user_guidance | A new password was set on the phone after checking your staff number.
+2m aisha confirm behalf by-phone | He signed in while we spoke.

@ order-screen-frozen 95m phone tomas viggo erp
= Fleet planning screen is frozen
> The tours for tomorrow cannot be saved.
+3m tomas triage applications-error 2 1 erp
+6m yuki start
+20m yuki hold awaiting_requester | Does it help to close the second window with yesterday's tours? We see two open plans.

@ sign-in-page-slow 80m monitoring mia - sign-in
= Sign-in page answers in 4 s instead of 0.3 s
> Measured from all sites since ten minutes.
+2m mia triage monitoring-availability 1 2 sign-in
+2m mia escalate platform | Everybody signs in through it
+5m daniel start
+3m daniel raise robert | If it gets worse nobody can sign in
+8m robert note | Daniel and Nadia work on it together; next word in 20 minutes.
+12m daniel note | One of two directory servers swaps memory. It is out of the pool; answers are at 0.4 s again and we watch it.

@ headset-request 70m portal yasmin yasmin workplace-pc
= A headset for calls, please
> Mine has lost its left side.
+20m jonas triage hardware-screen 3 3 workplace-pc request

@ report-access 55m portal kristin kristin erp
= Monthly report cannot be opened on the tablet
> "File is damaged". On the computer it opens.
+5m mia note | Kristin has a board call this afternoon.

@ label-colour 40m portal linnea linnea printing
= Labels come out pale
> The barcodes are hardly readable, the scanner needs three tries.
+12m tomas triage printing-device 3 2 printing

@ mail-rule-question 30m email katja katja email
= How do I forward my mails while I am away?
> I am away for two weeks from Monday and would like Yasmin to get my mails.
+8m elena reply | Hello Katja, in the web mail choose Settings, Out of office, "Forward to a colleague". Shall I set it up with you on the phone?

@ screen-reader 22m portal mohammed mohammed patient-records
= The larger font is gone since the update
> I set it to 150 %, now it is back to small and the setting is grey.

@ suspicious-call 15m phone aisha ida -
= Caller who said he was from IT and wanted a code
> Ida did not give it to him. The number began with +44.
+3m aisha triage security-phishing 3 2

@ shop-voucher 9m email oliver oliver web-shop
= Voucher codes of the spring campaign are refused
> Three customers have written since noon. The codes begin with SPRING.

@ warehouse-tablet 4m portal hassan hassan -
= Tablet at packing place 6 is cracked
> Still works, but there is glass coming off.
)story";
}

}  // namespace firstline::app::demo

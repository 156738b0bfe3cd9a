// The demo desk: stories about workplaces and devices.
#include "app/demo/script.hpp"

namespace firstline::app::demo {

std::string_view workplace_stories() {
    return R"story(
@ printer-drammen-labels 13d05:35 phone tomas magnus printing
= Label printer in hall 2 prints blank labels
> The printer at gate 4 feeds labels but prints nothing. The lorries for the morning tour are waiting.
+3m tomas triage printing-device 2 1 printing
+1m tomas start
+8m tomas reply | Magnus, please open the lid and check whether the ribbon's shiny side faces the labels. It happens after every change of ribbon.
+9m magnus message | It was the wrong way round! Printing again.
+4m tomas resolve user_guidance | The ribbon was put in the wrong way round. There is a picture inside the lid now.
+2h magnus confirm 5

@ docking-station-flicker 13d09:30 portal oliver oliver workplace-pc
= Second screen flickers when the laptop is docked
> Since last week the right screen goes black for a second every few minutes.
+25m jonas triage hardware-screen 3 3
+5m jonas assign workplace
+3h hanna start
+30m hanna reply | Hello Oliver, I have sent a new dock driver to your laptop. Please restart at lunch and watch it this afternoon.
+1d oliver message | Unfortunately no change, it flickers as before.
+2h hanna hold awaiting_vendor | Dock sent in for exchange, case 88213 with the vendor.
+3d hanna resume
+1h hanna resolve third_party_fixed | The dock was faulty; the vendor has exchanged it and the new one is on your desk.
+1d oliver confirm 5 | Steady as a rock.

@ laptop-wont-start 12d07:02 phone elena sara workplace-pc
= Laptop does not start, only a blinking light
> Black screen, power light blinks three times. Worked yesterday.
+4m elena triage hardware-computer 3 1
+3m elena assign onsite-support | Hands needed in Drammen
+40m grace start
+1h grace reply | Sara, I am on my way with a loan laptop and will be with you at ten.
+1h grace note | Memory module loose after a fall, by the look of the corner. Seated again, memory test passed.
+30m grace resolve fixed | A memory module had come loose. The laptop is tested and back; please hand the loan laptop in at reception.
+5h sara confirm 5 | So quick, thank you Grace!

@ meeting-room-fjell 12d12:20 walk_in karl samuel meetings
= No sound in meeting room Fjell
> Visitors on the screen cannot be heard. The legal team's call starts at half past.
+2m karl triage hardware-room 3 1 meetings
+1m karl start
+12m karl resolve fixed | The speaker had been unplugged for cleaning. Plugged in and tested with a call.
+1h samuel confirm 5

@ scanner-mail-not-sent 11d08:20 portal birgit birgit printing
= Scan to mail stopped working on the first floor
> The device says "server not reachable" when I scan to my mailbox.
+10m aisha triage printing-scan 2 3
+4m aisha assign workplace
+2h diego start
+25m diego note | The device still used the old mail relay, which was switched off on Saturday.
+15m diego resolve fixed | The device was set to the new mail server. We have found and changed the two others that used the old one.
+1d birgit confirm 5

@ clinic-tablets-update 10d06:15 phone jonas camille workplace-pc
= Six tablets on the ward hang at "Installing updates"
> Since five this morning. The nurses write on paper for now.
+3m jonas triage hardware-phone 2 1 workplace-pc
+2m jonas escalate workplace | Six devices on a ward, paper in use
+8m lucas start
+15m lucas raise robert | A ward works on paper; please decide about the other 40 tablets that update tonight
+6m robert note | Update for the other tablets stopped until we know more. Head nurse informed by phone.
+50m lucas reply | Camille, please hold the power and volume-down buttons for 15 seconds on each tablet. They finish the update after that; we tried it on ours.
+25m camille message | Five of six are back. The last one shows an empty battery, it is charging.
+1h lucas resolve fixed | All six tablets are back. The update had waited for Wi-Fi that the tablets had just switched off; the order is corrected before the rest gets it.
+6h camille confirm 4 | Paper again, but only for two hours.

@ keyboard-coffee 9d09:05 walk_in mia david workplace-pc
= Coffee on the keyboard
> Half of the keys stick. A spare one would do.
+1m mia triage hardware-screen 3 2 workplace-pc request
+1m mia start
+2m mia resolve fixed | New keyboard handed over at the counter.
+1m mia confirm behalf at-the-counter | He typed a sentence with it and left happy.

@ photo-software-licence 8d08:10 portal julia julia workplace-pc
= Photo program asks for a licence
> "Your licence has expired." The campaign pictures are due on Thursday.
+12m elena triage applications-install 3 2
+3m elena assign workplace
+1h hanna start
+10m hanna hold awaiting_vendor | Licences for marketing renewed with the reseller, order 4471.
+6h hanna resume
+20m hanna resolve third_party_fixed | The reseller has renewed the licences; please sign in to the program again.
+2h julia reject | It still says expired, also after a restart.
+25m hanna start
+10m hanna reply | I see it: your account was not in the new list. Added; it takes about an hour.
+1h hanna resolve fixed | Your account is on the renewed licence now.
+3h julia confirm 3 | Works, but it took long for a renewal that was known beforehand.

@ duplicate-scanner 11d09:05 portal arne arne printing
= Scanning to mail does not work
> It says the server cannot be reached.
+8m aisha triage printing-scan 3 3
+3m aisha cancel mistake | Reported twice: Birgit's report of the same device is being worked on, and Arne knows.

@ phone-lost-airport 7d15:40 phone aisha david meetings
= Company phone lost at the airport
> Left it at security in Copenhagen. Locked with a PIN.
+3m aisha triage security-loss 3 1
+1m aisha escalate it-security | Lost device with company data
+5m chloe start
+6m chloe note | Device locked and marked as lost. Last seen at the airport 20 minutes ago. Wipe is prepared, not sent.
+10m chloe reply | David, the phone is locked and shows a number to call. If it does not turn up by tomorrow noon we wipe it. Your number moves to a loan phone tonight.
+18h david message | The airport has it! I fetch it on Friday.
+30m chloe resolve fixed | The phone was found and stays locked until you have it. No wipe was needed.
+3d david confirm 5 | Friendly and fast.

@ excel-slow-macros 6d07:55 portal peter peter workplace-pc
= Spreadsheets with macros take minutes to open
> The closing workbook took ten seconds last month, now four minutes. The whole department waits.
+15m jonas triage applications-error 2 2 workplace-pc
+5m jonas assign workplace
+45m diego start
+2h diego note | Only files from the share are slow: the new virus scanner unpacks every macro. Local copies open in seconds.
+20m diego escalate platform lena | Scanner policy on the file servers, they own it
+1h lena start
+1h lena resolve workaround | Folders of finance are scanned when files are written, no longer each time they are opened. The vendor works on the real cause.
+20h peter confirm 4

@ thin-clients-stavanger 5d06:30 phone jonas ida workplace-pc
= Reception computers restart by themselves
> Two computers at the reception restart about every hour.
+5m jonas triage hardware-computer 2 2
+3m jonas assign onsite-support
+1h karl start
+3h karl note | Both hang on the same power strip as the new coffee machine.
+15m karl resolve fixed | The computers were on one power strip with the coffee machine. They have an outlet of their own now.
+5h ida confirm 5 | We laughed a lot. Thank you!

@ test-ticket 4d09:00 portal arne arne -
= test
> please ignore, I only wanted to see what happens
+6m elena cancel test | Tried out by Arne, as he says.

@ cad-workstation-graphics 4d10:15 portal leo leo workplace-pc
= Design program crashes when I turn large models
> It closes without a word as soon as a model has more than about 5,000 parts. Two colleagues have it too.
+12m aisha triage applications-error 2 2 workplace-pc
+3m aisha assign workplace
+1h lucas start
+3h lucas reply | Leo, it looks like the graphics driver of last Thursday. I go back to the one before on your machine tonight; please leave it on.
+18h leo message | No crash so far today, with the biggest model I have.
+2h lucas resolve workaround | The older graphics driver is back on the eight design workstations. We update them again once the vendor has a corrected one.
+2h leo confirm 5
)story";
}

}  // namespace firstline::app::demo

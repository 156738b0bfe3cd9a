// The demo desk: stories about business applications.
#include "app/demo/script.hpp"

namespace firstline::app::demo {

std::string_view application_stories() {
    return R"story(
@ erp-posting-period 13d09:50 portal elsa elsa erp
= Invoices cannot be posted: "period closed"
> I want to post the invoices of last month. The message says the period is closed, but it should be open until Friday.
+12m yuki triage applications-data 3 2 erp
+3m yuki start
+25m yuki resolve fixed | The period had been closed a week early by the new calendar. It is open until Friday.
+1h elsa confirm 5

@ erp-slow-month-end 12d06:20 phone mia peter erp
= ERP is so slow that nobody in finance can work
> Every click takes a minute. Month-end closing is today.
+2m mia triage applications-error 1 1 erp
+2m mia escalate erp-engineering | Month-end closing stands still for 60 people
+6m paula start
+4m paula raise robert | Finance cannot close the month
+9m robert reply | Peter, the ERP team is on it with the database team. You hear from me every half hour.
+18m paula assign database marta | Long-running statements block everything
+5m marta start
+20m marta note | A report of last night still runs and holds locks on the ledger. Stopped it together with Paula.
+8m marta reply | The system answers again. We watch it for an hour before we call it done.
+1h marta resolve fixed | A report that was started at night had blocked the ledger. It was stopped; such reports now end by themselves after two hours.
+3h peter confirm 4 | Half-hourly word from Robert helped a lot.

@ crm-duplicates 11d10:05 portal anton anton crm
= Customers appear twice after the import of the fair
> About 200 companies are there twice since yesterday's import of the fair contacts.
+15m ben triage applications-data 2 3 crm
+1h ben start
+4h ben hold scheduled 18h | Merging runs tonight when nobody works in it.
+19h ben resume
+1h ben resolve fixed | 214 pairs were merged; notes and appointments of both are kept. The import now compares names before it adds.
+1d anton confirm 5

@ records-label-wrong-patient 10d08:30 phone grace jakob patient-records
= Label printer in the laboratory shows the name of the patient before
> The label for the second sample carried the first patient's name. Noticed before anything was sent.
+2m grace triage applications-error 2 1 patient-records
+1m grace raise sofia | Risk of mixing up samples
+4m sofia start
+3m sofia raise robert | Samples might be mixed up; the clinic needs a decision
+10m sofia reply | Jakob, please print labels one by one and check each until you hear from us. We are with you on the phone in five minutes.
+2h sofia note | The new label service keeps the last name when two requests come within a second. Rolled back to the old one.
+30m sofia resolve workaround | The label service was set back to the version before. Please print as usual; the vendor corrects the new one.
+5h jakob confirm 5

@ records-label-vendor 10d12:05 api sofia - patient-records
= Label service 3.2 gives the wrong name under load
> Follow-up with the vendor of the laboratory's labels.
+4m sofia triage applications-interface 2 3 patient-records
+1m sofia related records-label-wrong-patient
+2m sofia start
+3m sofia hold awaiting_vendor | Vendor case LS-20918; corrected version promised within three weeks.

@ shop-checkout-error 9d18:45 monitoring daniel - web-shop
= Web shop: error rate of the checkout above 5 %
> 7.8 % of payments fail since 18:40.
+2m daniel triage websites-down 1 1 web-shop
+1m daniel start
+5m daniel raise robert | Customers cannot pay
+12m lena note | The payment provider's certificate changed; our list of trusted ones is from last year.
+14m daniel resolve fixed | The list of trusted certificates was brought up to date. Error rate 0.1 % since 19:18.
+1h daniel close | Figures are normal again; reported by monitoring.

@ shop-images-missing 8d14:15 portal julia julia web-shop
= Pictures of the new collection are missing in the shop
> Only grey boxes. They were there this morning.
+10m lena triage websites-content 2 2 web-shop
+5m lena start
+25m lena resolve fixed | The pictures had been removed from the cache by mistake; they are loaded again.
+2h julia confirm 5

@ restore-project-folder 7d06:40 portal marco marco file-shares
= Project folder "Bridge North" has vanished
> Yesterday it was there. 14 people work with it.
+4m aisha triage data-restore 2 1 file-shares
+2m aisha escalate platform | A project folder of 14 people is gone
+10m lena start
+12m lena note | Moved into "Bridge South" by drag and drop at 17:58, not deleted. Says the log of the share.
+8m lena resolve fixed | The folder had been dragged into "Bridge South" yesterday evening. It is back where it was, with everything in it.
+30m marco confirm 5 | You saved our day.

@ share-full-clinics 6d08:20 portal rebecca rebecca file-shares
= No space left on the radiology share
> We cannot save reports any more.
+3m jonas triage data-space 2 1 file-shares
+2m jonas escalate platform | Radiology cannot save
+9m daniel start
+15m daniel resolve workaround | The share has 500 GB more. Exported films fill it every few months: please talk with us about an archive.
+2h rebecca confirm 4

@ crm-report-wrong 5d10:10 portal david david crm
= Sales report shows last year's figures
> The report "My region" shows last year although the filter says this year.
+18m ben triage applications-data 3 3 crm
+2h ben start
+1h ben hold awaiting_requester | Is it only "My region", or "My team" as well? Both look right with my account.
+1d david message | Only "My region". I have saved it as a favourite, perhaps that is why.
+1h ben resolve user_guidance | Favourites keep the filter of the day they were saved. Please save it again with "this year"; I have written to the vendor that this surprises people.
+20h david confirm 4

@ erp-interface-customs 4d05:55 monitoring yuki - erp
= Interface to customs: 48 messages wait
> Queue CUSTOMS_OUT holds 48 messages, the oldest from 03:12.
+8m yuki triage applications-interface 2 1 erp
+3m yuki start
+20m yuki escalate erp-engineering paula | Certificate of the interface must be renewed by ERP engineering
+15m paula start
+40m paula resolve fixed | The certificate was renewed and all 48 messages are through; none was lost.
+1h paula close | The queue is empty; there is nobody to ask.

@ erp-rights-warehouse 4d09:35 portal hassan hassan erp
= Goods receipt asks for a right that I had last week
> "No authorization for plant 1200." Since Monday.
+14m yuki triage access-permission 3 2 erp
+20m yuki start
+30m yuki resolve fixed | The new role of Monday lacked plant 1200. It is added, please sign in again.
+1d hassan confirm 5

@ database-replica-lag 3d03:10 monitoring henrik - web-shop
= Database replica 90 minutes behind
> The replica used for reports lags by 90 minutes and grows.
+5m henrik triage data-database 2 3 web-shop
+2m henrik assign database henrik | Replica of the shop
+4m henrik start
+1h henrik note | An index build on the primary. It will catch up by itself by seven.
+3h henrik resolve recovered_by_itself | The replica has caught up after the index build.
+2h henrik close | It has recovered; there is nobody to ask.

@ mailbox-full-ceo 3d08:40 phone mia erik email
= Mails to Erik come back as "mailbox full"
> Two customers have called about it.
+2m mia triage email-mailbox 3 1 email
+3m mia start
+9m mia resolve fixed | The mailbox has more room, and mails older than two years moved into its archive. Nothing was lost; the two customers were asked to send again.
+1h erik confirm 5

@ payroll-export 3d12:15 portal amina amina erp
= Payroll export lacks the people of Brask
> The file for the bank has 212 lines instead of 240. Payday is on Friday.
+5m yuki triage applications-data 2 1 erp
+3m yuki escalate erp-engineering | Payday is near
+20m paula start
+2h paula hold awaiting_requester | Please check the new file in your folder: 240 lines, sum as in your list. May we release it?
+3h amina message | Checked, 240 lines and the sum is right. Please release it.
+20m paula resolve fixed | The people of Brask are part of the export again; the file was released to the bank at 18:20.

@ calendar-wrong-hour 2d07:30 portal helene helene email
= Appointments from the customer are an hour late
> Since the customer changed the system all of their invitations are one hour late.
+16m jonas triage email-mailbox 3 3 email
+4m jonas start
+1h jonas hold awaiting_requester | Could you forward me one of these invitations as an attachment?
+5h helene message | Here is what it says inside: "TZID=Customized Time Zone".
+1h jonas assign platform | The mail system reads this zone wrongly
+18h lena start
+40m lena resolve third_party_fixed | The customer's system named a time zone that does not exist. They have corrected it after our call; new invitations are right.

@ shop-slow-images 2d13:20 portal laura laura web-shop
= The shop's start page takes long on mobile phones
> 8 seconds on my phone, our agency measured 9.
+12m lena triage websites-slow 2 3 web-shop
+2h lena start
+1h lena note | The new header picture is 11 MB.
+20m lena resolve fixed | The header picture is now 300 kB and looks the same; the page opens in under two seconds.
+4h laura confirm 5
)story";
}

}  // namespace firstline::app::demo

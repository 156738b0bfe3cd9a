// The demo desk: stories about accounts and access (domain.md §2, told through the use cases).
#include "app/demo/script.hpp"

namespace firstline::app::demo {

std::string_view access_stories() {
    return R"story(
@ locked-after-holiday 13d06:52 phone mia elsa sign-in
= Account locked after the holiday
> Elsa changed her password before her holiday and has tried the old one too often.
+2m mia triage access-password 3 1
+1m mia start
+3m mia note | Identity checked by call-back to the number in the directory.
+2m mia resolve user_guidance | I have unlocked your account. Please sign in with the password you chose before your holiday; if it is gone, "Forgot password" sets a new one.
+40m elsa confirm 5 | Sorted while we were on the phone, thank you!

@ mfa-new-phone 13d08:05 portal anton anton sign-in
= New phone, no more codes for signing in
> I got a new phone yesterday and handed in the old one. Now I am asked for a code from the app and the app is empty.
+9m aisha triage access-mfa 3 1
+1m aisha start
+4m aisha reply | Hello Anton, I have removed the old phone. At your next sign-in you are asked to set up the new one; keep it at hand.
+15m anton message | It worked on the computer, but the phone's mail still asks for a code.
+6m aisha reply | That is the old mail profile. Please delete it in the phone's settings and add it again.
+5m aisha resolve fixed | The old phone was removed from your account and the new one set up, also for mail on the phone.
+2h anton confirm 4

@ shared-mailbox-access 12d09:14 email nora nora email
= Access to the mailbox purchasing@ is missing
> I have taken over purchasing in Bergen from Trond. He could read purchasing@halden.example, I cannot.
+12m jonas triage access-permission 3 2 email
+3m jonas assign identity | Permissions on shared mailboxes are set by the accounts team
+35m felix start
+4m felix hold awaiting_requester | Who approves this for you? I need a short yes from the owner of the mailbox, Peter Holm in finance.
+3h nora message | Peter says yes, he has written to you directly.
+20m felix resolve fixed | You can now read purchasing@ and send from it. It shows up in the mail program after a restart.
+18h nora confirm 5

@ joiner-marketing 12d10:30 portal laura laura sign-in
= Account for our new colleague Tim who starts on Monday
> Tim Aalto starts in marketing on Monday. He needs an account, mail, a laptop and access to the marketing share.
+15m elena triage access-account 3 3 sign-in request
+4m elena assign identity | New account
+50m nadia start
+3h nadia note | Account made from the template of marketing; laptop ordered with the workplace team.
+22h nadia resolve fixed | Tim's account is ready, the sign-in letter lies at reception. The laptop is prepared for Monday 08:00.
+3d laura confirm 5 | Everything was there on Monday morning.

@ sso-loop-crm 11d07:45 portal priya priya crm
= Customer database sends me back to the sign-in again and again
> I sign in, it loads for a second, then I am on the sign-in page again. Cleared the browser, same thing.
+11m jonas triage access-permission 3 2 crm
+5m ben start
+12m ben note | Her group membership was removed by the nightly clean-up: she was in the old sales group that no longer exists.
+6m ben assign identity | The group that gives access was deleted by the clean-up
+30m felix start
+10m felix resolve fixed | You were in a group that no longer exists. You are in the new one now; please sign in once more.
+25m priya reject | Still the same loop, in a private window too.
+9m felix start
+14m felix note | The token still carried the old group. Signed her out everywhere.
+4m felix resolve fixed | Your old sign-in was still remembered by the system. I have ended it everywhere; it works with a fresh sign-in.
+1h priya confirm 4 | Now it does. Thanks for not giving up.

@ vip-travel-lockout 10d17:20 phone mia erik sign-in
= Cannot sign in from the hotel, board meeting tomorrow at 08:00
> Sign-in from abroad is blocked. Erik needs the board papers tonight.
+2m mia triage access-mfa 3 1
+1m mia assign identity | Conditional access blocks the country
+6m nadia start
+8m nadia reply | Erik, your trip was not in the list of expected countries. I have added it until Sunday; please try again now.
+3m nadia resolve fixed | Sign-in from your hotel is allowed until Sunday. The rule stays strict for everybody else.
+12m erik confirm 5

@ service-account-expired 9d05:40 monitoring jonas - sign-in
= Password of the service account svc-scan expires in 2 days
> Alert from the directory: svc-scan, used by the scanners in Drammen and Bergen, expires on the day after tomorrow.
+10m jonas triage monitoring-certificate 2 3 sign-in
+2m jonas assign identity | Owner of service accounts
+3h felix start
+40m felix resolve fixed | The password was changed and the scanners in both places tested. The account now renews by itself.
+1h felix close | Reported by monitoring; there is nobody to ask.

@ leaver-still-active 9d11:25 portal amina amina sign-in
= A colleague who left last month can still sign in
> I noticed that a former colleague still appears online in the chat. His last day was the 31st.
+8m aisha triage access-account 3 1 sign-in
+2m aisha assign it-security | A leaver whose account is still open
+10m chloe start
+15m chloe note | Account disabled, sessions ended. No sign-in after the 31st but the phone's mail, which explains the green dot.
+25m chloe resolve fixed | The account is closed. The leaver form had reached us without a date, which is why it was left open; we have corrected the form.
+4h amina confirm 5

@ external-auditors-access 8d12:10 email peter peter file-shares
= Read access for the auditors to the folder Year end
> Three auditors need to read the folder Year end until the end of the month. Their names are in the attached list from last year, only Ms Roth is new.
+20m elena triage access-permission 3 3 file-shares request
+5m elena assign identity
+2h nadia start
+10m nadia hold scheduled 1d | The auditors' accounts are opened on their first day.
+1d nadia resume
+30m nadia resolve fixed | The three auditors can read the folder until the last day of the month; then it closes by itself.
+1d peter confirm 5

@ phishing-parcel 7d07:32 email julia julia -
= Strange mail about a parcel, I may have clicked on it
> It looked like our parcel service. I entered my password before I noticed the address. Sorry!
+4m mia triage security-phishing 3 1
+1m mia escalate it-security | Password entered on a phishing page
+3m viktor start
+2m viktor reply | Julia, thank you for telling us at once, that helps most. I have locked your account for the moment. Please call 555 01 100 from your mobile.
+20m viktor note | Password reset, sessions ended, no rules in the mailbox. 14 others got the same mail; two opened it, nobody else entered anything. The page is blocked.
+45m viktor resolve fixed | Your password is changed and nobody used the old one. The page is blocked for everybody. You did the right thing by reporting it.
+3h julia confirm 5 | Thank you for being so kind about it.

@ phishing-parcel-two 7d08:15 email laura laura -
= Parcel mail that asks for a password
> I got a mail about a parcel that I did not order. I have not clicked.
+6m jonas triage security-phishing 3 2
+3m jonas assign it-security | The same wave as this morning
+9m chloe related phishing-parcel
+4m chloe start
+2m chloe resolve user_guidance | Yes, this is phishing; the page is blocked. Please delete the mail. Well spotted!
+1d laura confirm 5

@ hr-investigation 6d13:05 portal freja freja -
= Confidential: copies of personnel files on a private stick
> Please have only IT security look at this. We have a report that personnel files were copied.
+5m viktor triage security-hr 3 1
+2m viktor start
+1h viktor note | Export log secured for the period in question. Talked to HR and the works council before looking at anything personal.
+1d viktor hold awaiting_evidence | Waiting for the list of devices from HR.

@ password-manager-extension 5d08:50 portal yasmin yasmin sign-in
= Password manager no longer fills in passwords
> Since the browser update the password manager asks for the master password on every page.
+14m aisha triage applications-error 3 3 sign-in
+3m aisha start
+20m aisha reply | Hello Yasmin, the new browser version needs version 8.4 of the extension. It is being rolled out; you get it within the hour if you restart the browser.
+10m aisha hold awaiting_requester | Has the restart brought you the new version?
+1d yasmin message | Yes, since this morning. All good.
+15m aisha resolve fixed | The extension was updated to the version that fits the new browser.
+2d yasmin confirm 4
)story";
}

}  // namespace firstline::app::demo

// The demo desk: stories about network, mail and printing.
#include "app/demo/script.hpp"

namespace firstline::app::demo {

std::string_view network_stories() {
    return R"story(
@ vpn-drops 13d08:42 phone mia oliver vpn
= VPN drops every ten minutes when I work from home
> It connects, then drops after about ten minutes. Only at home; the neighbours' television is fine.
+3m mia triage network-vpn 3 2
+2m mia assign network
+25m pavel start
+10m pavel hold awaiting_requester | Which router do you have at home, and does it drop on the mobile's hotspot too?
+3h oliver message | A new one from my provider since Friday. On the hotspot it holds.
+30m pavel reply | Then it is the router's energy saving. In its settings switch "UDP timeout" from 60 to 600 seconds; a picture is in the guide I have sent.
+1h oliver message | Found it. Connected for an hour now.
+10m pavel resolve user_guidance | The new router at home closed quiet connections too early. With the longer timeout the VPN holds.
+20h oliver confirm 5

@ wifi-hall-one 12d05:20 phone tomas piotr office-network
= Scanners lose the Wi-Fi between the racks in hall 1
> In aisles 7 to 12 the hand scanners lose the network. We have to walk back to the desk for every pallet.
+4m tomas triage network-wifi 2 1 office-network
+3m tomas escalate network | Five access points do not answer
+12m omar start
+20m omar note | Switch hall1-sw3 has lost power over Ethernet on 6 ports since 04:50.
+15m omar hold awaiting_vendor | Spare switch on its way from the depot, at the gate by 08:30.
+3h omar resume
+40m omar resolve fixed | The switch was replaced and all access points are back. We keep a spare one in Drammen from now on.
+2h piotr confirm 5 | Back to normal speed.

@ internet-slow-gothenburg 11d12:40 portal linnea linnea office-network
= Internet in Gothenburg is very slow after lunch
> Pages take half a minute. Mail attachments do not go out.
+8m jonas triage network-internet 2 2 office-network
+4m jonas assign network
+20m ingrid start
+30m ingrid note | The line is full: one machine uploads 80 Mbit/s. It is the new camera system, which sends its pictures to the cloud at noon.
+25m ingrid resolve workaround | The cameras now send their pictures at night. A larger line is ordered.
+3h linnea confirm 4

@ firewall-change-night 10d19:30 api ingrid - office-network
= Planned: new firewall cluster in Oslo needs one more rule for the clinics
> Follow-up of the change: the clinics' laboratory devices use a port that is missing from the new rules.
+3m ingrid triage network-lan 2 2 office-network
+2m ingrid start
+1m ingrid hold awaiting_change | Change window tonight 22:00, CHG-2207.
+3h ingrid resume
+35m ingrid resolve fixed | The rule is in place and tested with the laboratory's two devices.
+9h ingrid close | Reported by the team itself; there is no requester to ask.

@ vpn-gateway-load 9d06:10 monitoring elena - vpn
= VPN gateway 2 at 95 % load for 15 minutes
> Warning from monitoring: gateway 2 carries 410 sessions, gateway 1 only 60.
+5m elena triage monitoring-capacity 2 2 vpn
+3m elena assign network
+18m omar start
+22m omar resolve fixed | The balancer had taken gateway 1 out after last night's restart. It is back in and the load is even.
+2h omar close | Monitoring is green again; there is nobody to ask.

@ vpn-slow-erik 9d06:25 phone mia maria vpn
= VPN is painfully slow this morning
> Maria cannot open the presentation for ten o'clock.
+2m mia triage network-vpn 3 2 vpn
+3m mia assign network | The gateway is loaded on one side
+10m omar start
+26m omar resolve fixed | One of the two gateways carried everybody. Both share the load again; please connect anew.
+15m maria confirm 5

@ phones-dead-drammen 8d06:05 phone aisha kristin meetings
= All desk phones in the Drammen office are dead
> The screens are dark. Customers reach only the mobile of the dispatch.
+2m aisha triage network-lan 2 1 meetings
+1m aisha escalate network | A whole office cannot be called
+5m ingrid start
+3m ingrid raise robert | 35 phones down, dispatch on one mobile
+26m mia child phones-dead-dispatch
+1m mia child phones-dead-customs
+4m robert note | Number of the dispatch forwarded to the team in Gothenburg until it is fixed. Kristin informed.
+55m ingrid note | The voice VLAN was removed from the uplink by the clean-up script of last night.
+15m ingrid resolve fixed | Phones are back since 07:26. A clean-up script had removed the phones' network; it now asks before it touches uplinks.
+1h kristin confirm 4 | Good that somebody thought of forwarding the number at once.

@ phones-dead-dispatch 8d06:20 phone elena sara meetings
= My desk phone has no connection
> Dark screen, only "no network".
+3m elena triage network-lan 3 2 meetings
+3m mia assign network | One of the Drammen phones
+4h sara confirm 5 | Works since half past seven.

@ phones-dead-customs 8d06:30 phone elena emma meetings
= Customs desk cannot be called
> The customs office reaches nobody. Emma called from her mobile.
+3m elena triage network-lan 3 1 meetings
+3m mia assign network | One of the Drammen phones

@ phones-dead-customs-again 8d06:38 email emma emma meetings
= Phone at the customs desk is dead
> Since I came in at six.
+6m elena triage network-lan 3 2 meetings
+2m elena merge phones-dead-customs

@ wifi-guest-password 6d10:40 portal astrid astrid office-network
= Guest Wi-Fi code for the congress on Friday
> About 60 guests will be here on Friday. Can they have one code for the day?
+20m jonas triage network-wifi 3 3 office-network request
+4m jonas assign network
+4h pavel start
+15m pavel resolve fixed | One code for Friday, 08:00 to 18:00, for up to 100 devices, was sent to you. Please put it on the name badges.
+3d astrid confirm 5

@ branch-router-trondheim 5d04:25 monitoring jonas - office-network
= Router in Trondheim does not answer
> No answer since 04:21. The backup line carries the traffic.
+6m jonas triage monitoring-availability 2 2 office-network
+2m jonas assign network
+30m pavel start
+20m pavel hold awaiting_vendor | The provider has cut a fibre while digging; repair expected by noon, case 70-3381.
+8h pavel resume
+10m pavel resolve third_party_fixed | The provider has spliced the fibre; the main line carries the traffic again.
+1h pavel close | Monitoring is green again; there is nobody to ask.

@ video-calls-echo 4d08:05 portal helene helene meetings
= Echo in all video calls from the project room
> The others hear themselves twice. Only in the project room in Trondheim.
+12m aisha triage email-meetings 3 3 meetings
+5m aisha assign network
+5h omar start
+20m omar hold awaiting_requester | Does the echo stay when you switch the ceiling microphone off at the panel?
+2d helene message | Without the ceiling microphone it is perfect.
+1h omar resolve workaround | The ceiling microphone is off until its echo filter is updated; the table microphone does its work.
+6h helene confirm 4

@ dns-typo-intranet 3d07:15 portal samuel samuel office-network
= The intranet's legal pages cannot be found
> "Server not found" for legal.intra. Everything else opens.
+7m elena triage websites-down 3 2 office-network
+3m elena assign network
+15m pavel start
+12m pavel resolve fixed | A name was misspelt in last night's change. It is corrected; the pages open again.
+1h samuel confirm 5
+4h samuel reopen | Some pages are gone again: legal.intra/contracts says "not found".
+20m pavel start
+30m pavel note | One of the two name servers had not taken the correction.
+10m pavel resolve fixed | The second name server has the corrected name now as well.
+2h samuel confirm 4
)story";
}

}  // namespace firstline::app::demo

# core-pusat-data: Router core-pusat-data. Made from the plan by simpul config; what is changed here by hand is lost.
# RouterOS 7.20 or later, on a board without configuration: /system/reset-configuration no-defaults=yes
# Which port leads where (another: simpul config --port ROLE=INTERFACE):
#   backbone-a = ether1: 10.208.0.1/24 fd5c:ad00:7031:1::1/64, 1 routers that call in
#   pusat-data = ether2: 10.210.0.1/24 fd5c:ad00:7031:3::1/64, 1 routers that call in
# The router itself answers at 10.209.10.1 and fd5c:ad00:7031:fe00::1, to stations in 10.209.31.0/24 and fd5c:ad00:7031:fe20::/64 only.
/system/identity
set name=core-pusat-data
/interface/ethernet
set [ find default-name=ether1 ] comment="backbone-a: 1 routers that call in"
set [ find default-name=ether2 ] comment="pusat-data: 1 routers that call in"
/interface/bridge
add name=loopback protocol-mode=none comment="Router core-pusat-data"
/ip/address
add address=10.209.0.1/32 interface=loopback
add address=10.209.10.1/32 interface=loopback
add address=10.208.0.1/24 interface=ether1
add address=10.210.0.1/24 interface=ether2
/ipv6/settings
set accept-router-advertisements=no
/ipv6/address
add address=fd5c:ad00:7031:ff00::1/128 interface=loopback advertise=no
add address=fd5c:ad00:7031:fe00::1/128 interface=loopback advertise=no
add address=fd5c:ad00:7031:1::1/64 interface=ether1 advertise=no
add address=fd5c:ad00:7031:3::1/64 interface=ether2 advertise=no
/ip/route
add blackhole dst-address=10.209.0.1/32 distance=250
/ipv6/route
add blackhole dst-address=fd5c:ad00:7031:ff00::1/128 distance=250
/ip/firewall/address-list
add list=block4 address=10.208.0.0/12
add list=management4 address=10.209.16.0/20
add list=stations4 address=10.209.31.0/24
add list=neighbours4 address=10.208.0.10
add list=neighbours4 address=10.210.0.20
add list=sources4-backbone-a address=10.209.1.0/24
add list=sources4-backbone-a address=10.212.0.0/18
add list=sources4-pusat-data address=10.209.0.20/32
add list=sources4-pusat-data address=10.210.128.7/32
/ip/firewall/filter
add chain=input action=accept connection-state=established,related
add chain=input action=drop dst-address-list=management4 comment=management_refused
add chain=input action=accept protocol=tcp dst-port=179 src-address-list=neighbours4
add chain=input action=accept protocol=udp dst-port=3784 ttl=equal:255 src-address-list=neighbours4
add chain=input action=accept protocol=icmp limit=1000,1000:packet
add chain=input action=drop comment=input_refused
add chain=forward action=drop dst-address-list=management4 src-address-list=!stations4 dst-address=!10.209.31.0/24 comment=management_refused
add chain=forward action=drop src-address-list=!block4 comment=source_refused
add chain=forward action=drop dst-address-list=!block4 comment=destination_refused
add chain=forward action=jump jump-target=from-backbone-a in-interface=ether1
add chain=forward action=jump jump-target=from-pusat-data in-interface=ether2
add chain=forward action=drop comment=unknown_segment
add chain=from-backbone-a action=jump jump-target=verdict protocol=icmp icmp-options=3:0-255
add chain=from-backbone-a action=jump jump-target=verdict protocol=icmp icmp-options=11:0-255
add chain=from-backbone-a action=jump jump-target=verdict protocol=icmp icmp-options=12:0-255
add chain=from-backbone-a action=drop src-address-list=!sources4-backbone-a comment=source_refused
add chain=from-backbone-a action=jump jump-target=verdict
add chain=from-pusat-data action=jump jump-target=verdict protocol=icmp icmp-options=3:0-255
add chain=from-pusat-data action=jump jump-target=verdict protocol=icmp icmp-options=11:0-255
add chain=from-pusat-data action=jump jump-target=verdict protocol=icmp icmp-options=12:0-255
add chain=from-pusat-data action=drop src-address-list=!sources4-pusat-data comment=source_refused
add chain=from-pusat-data action=jump jump-target=verdict
add chain=verdict action=accept
add chain=output action=drop protocol=icmp icmp-options=5:0-255
/ipv6/firewall/address-list
add list=block6 address=fd5c:ad00:7031::/48
add list=management6 address=fd5c:ad00:7031:fe00::/56
add list=stations6 address=fd5c:ad00:7031:fe20::/64
add list=neighbours6 address=fd5c:ad00:7031:1::a
add list=neighbours6 address=fd5c:ad00:7031:3::14
add list=sources6-backbone-a address=fd5c:ad00:7031:8000::/54
add list=sources6-backbone-a address=fd5c:ad00:7031:ff01::/64
add list=sources6-pusat-data address=fd5c:ad00:7031:5::7/128
add list=sources6-pusat-data address=fd5c:ad00:7031:ff00::20/128
/ipv6/firewall/filter
add chain=input action=accept connection-state=established,related
add chain=input action=drop dst-address-list=management6 comment=management_refused
add chain=input action=accept protocol=tcp dst-port=179 src-address-list=neighbours6
add chain=input action=accept protocol=udp dst-port=3784 hop-limit=equal:255 src-address-list=neighbours6
add chain=input action=accept protocol=icmpv6 limit=1000,1000:packet
add chain=input action=drop comment=input_refused
add chain=forward action=drop dst-address-list=management6 src-address-list=!stations6 dst-address=!fd5c:ad00:7031:fe20::/64 comment=management_refused
add chain=forward action=drop src-address-list=!block6 comment=source_refused
add chain=forward action=drop dst-address-list=!block6 comment=destination_refused
add chain=forward action=jump jump-target=from-backbone-a in-interface=ether1
add chain=forward action=jump jump-target=from-pusat-data in-interface=ether2
add chain=forward action=drop comment=unknown_segment
add chain=from-backbone-a action=jump jump-target=verdict protocol=icmpv6 icmp-options=1:0-255
add chain=from-backbone-a action=jump jump-target=verdict protocol=icmpv6 icmp-options=2:0-255
add chain=from-backbone-a action=jump jump-target=verdict protocol=icmpv6 icmp-options=3:0-255
add chain=from-backbone-a action=jump jump-target=verdict protocol=icmpv6 icmp-options=4:0-255
add chain=from-backbone-a action=drop src-address-list=!sources6-backbone-a comment=source_refused
add chain=from-backbone-a action=jump jump-target=verdict
add chain=from-pusat-data action=jump jump-target=verdict protocol=icmpv6 icmp-options=1:0-255
add chain=from-pusat-data action=jump jump-target=verdict protocol=icmpv6 icmp-options=2:0-255
add chain=from-pusat-data action=jump jump-target=verdict protocol=icmpv6 icmp-options=3:0-255
add chain=from-pusat-data action=jump jump-target=verdict protocol=icmpv6 icmp-options=4:0-255
add chain=from-pusat-data action=drop src-address-list=!sources6-pusat-data comment=source_refused
add chain=from-pusat-data action=jump jump-target=verdict
add chain=verdict action=accept
add chain=output action=drop protocol=icmpv6 icmp-options=137:0-255
/routing/filter/rule
add chain=from-pop-parakan-backbone-a-4 rule="if (bgp-path-len > 8) { reject }"
add chain=from-pop-parakan-backbone-a-4 rule="if (dst == 10.209.1.0/24) { accept }"
add chain=from-pop-parakan-backbone-a-4 rule="if (dst == 10.212.0.0/18) { accept }"
add chain=from-pop-parakan-backbone-a-4 rule="reject"
add chain=from-dinas-kesehatan-pusat-data-4 rule="if (bgp-path-len > 8) { reject }"
add chain=from-dinas-kesehatan-pusat-data-4 rule="if (dst == 10.209.0.20/32) { accept }"
add chain=from-dinas-kesehatan-pusat-data-4 rule="if (dst == 10.210.128.7/32) { accept }"
add chain=from-dinas-kesehatan-pusat-data-4 rule="reject"
add chain=to-hub4 rule="accept"
add chain=from-pop-parakan-backbone-a-6 rule="if (bgp-path-len > 8) { reject }"
add chain=from-pop-parakan-backbone-a-6 rule="if (dst == fd5c:ad00:7031:8000::/54) { accept }"
add chain=from-pop-parakan-backbone-a-6 rule="if (dst == fd5c:ad00:7031:ff01::/64) { accept }"
add chain=from-pop-parakan-backbone-a-6 rule="reject"
add chain=from-dinas-kesehatan-pusat-data-6 rule="if (bgp-path-len > 8) { reject }"
add chain=from-dinas-kesehatan-pusat-data-6 rule="if (dst == fd5c:ad00:7031:5::7/128) { accept }"
add chain=from-dinas-kesehatan-pusat-data-6 rule="if (dst == fd5c:ad00:7031:ff00::20/128) { accept }"
add chain=from-dinas-kesehatan-pusat-data-6 rule="reject"
add chain=to-hub6 rule="accept"
/routing/bfd/configuration
add interfaces=ether1 min-rx=200ms min-tx=200ms multiplier=3
add interfaces=ether2 min-rx=200ms min-tx=200ms multiplier=3
/ip/firewall/address-list
add list=own4 address=10.209.0.1/32
/ipv6/firewall/address-list
add list=own6 address=fd5c:ad00:7031:ff00::1/128
/routing/bgp/instance
add name=simpul as=4200000000 router-id=10.209.0.1
/routing/bgp/connection
add name=pop-parakan-backbone-a-4 instance=simpul afi=ip remote.address=10.208.0.10 remote.as=4200001000 remote.ttl=255 local.address=10.208.0.1 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-pop-parakan-backbone-a-4 input.limit-process-routes-ipv4=102 output.filter-chain=to-hub4 output.network=own4 output.redistribute=bgp
add name=dinas-kesehatan-pusat-data-4 instance=simpul afi=ip remote.address=10.210.0.20 remote.as=4200003000 remote.ttl=255 local.address=10.210.0.1 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-dinas-kesehatan-pusat-data-4 input.limit-process-routes-ipv4=102 output.filter-chain=to-hub4 output.network=own4 output.redistribute=bgp
add name=pop-parakan-backbone-a-6 instance=simpul afi=ipv6 remote.address=fd5c:ad00:7031:1::a remote.as=4200001000 remote.ttl=255 local.address=fd5c:ad00:7031:1::1 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-pop-parakan-backbone-a-6 input.limit-process-routes-ipv6=102 output.filter-chain=to-hub6 output.network=own6 output.redistribute=bgp
add name=dinas-kesehatan-pusat-data-6 instance=simpul afi=ipv6 remote.address=fd5c:ad00:7031:3::14 remote.as=4200003000 remote.ttl=255 local.address=fd5c:ad00:7031:3::1 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-dinas-kesehatan-pusat-data-6 input.limit-process-routes-ipv6=102 output.filter-chain=to-hub6 output.network=own6 output.redistribute=bgp
/ip/service
set telnet disabled=yes
set ftp disabled=yes
set www disabled=yes
set api disabled=yes
set api-ssl disabled=yes
set ssh address=10.209.31.0/24,fd5c:ad00:7031:fe20::/64
set winbox address=10.209.31.0/24,fd5c:ad00:7031:fe20::/64
/ip/neighbor/discovery-settings
set discover-interface-list=none
/tool/mac-server
set allowed-interface-list=none
/tool/mac-server/mac-winbox
set allowed-interface-list=none
/tool/bandwidth-server
set enabled=no

# pop-parakan: Router pop-parakan. Made from the plan by simpul config; what is changed here by hand is lost.
# RouterOS 7.20 or later, on a board without configuration: /system/reset-configuration no-defaults=yes
# Which port leads where (another: simpul config --port ROLE=INTERFACE):
#   backbone-a = ether1: 10.208.0.10/24 fd5c:ad00:7031:1::a/64, core-pusat-data
#   access-parakan = ether2: 10.208.16.1/22 fd5c:ad00:7031:2::1/64, 2 routers that call in
# The router itself answers at 10.209.11.1 and fd5c:ad00:7031:fe01::1, to stations in 10.209.31.0/24 and fd5c:ad00:7031:fe20::/64 only.
/system/identity
set name=pop-parakan
/interface/ethernet
set [ find default-name=ether1 ] comment="backbone-a: core-pusat-data"
set [ find default-name=ether2 ] comment="access-parakan: 2 routers that call in"
/interface/bridge
add name=loopback protocol-mode=none comment="Router pop-parakan"
/ip/address
add address=10.209.1.1/32 interface=loopback
add address=10.209.11.1/32 interface=loopback
add address=10.208.0.10/24 interface=ether1
add address=10.208.16.1/22 interface=ether2
/ipv6/settings
set accept-router-advertisements=no
/ipv6/address
add address=fd5c:ad00:7031:ff01::1/128 interface=loopback advertise=no
add address=fd5c:ad00:7031:fe01::1/128 interface=loopback advertise=no
add address=fd5c:ad00:7031:1::a/64 interface=ether1 advertise=no
add address=fd5c:ad00:7031:2::1/64 interface=ether2 advertise=no
/ip/route
add blackhole dst-address=10.209.1.1/32 distance=250
add blackhole dst-address=10.212.0.0/18 distance=250
add blackhole dst-address=10.209.1.0/24 distance=250
/ipv6/route
add blackhole dst-address=fd5c:ad00:7031:ff01::1/128 distance=250
add blackhole dst-address=fd5c:ad00:7031:8000::/54 distance=250
add blackhole dst-address=fd5c:ad00:7031:ff01::/64 distance=250
/ip/firewall/address-list
add list=block4 address=10.208.0.0/12
add list=management4 address=10.209.16.0/20
add list=stations4 address=10.209.31.0/24
add list=neighbours4 address=10.208.0.1
add list=neighbours4 address=10.208.16.10
add list=neighbours4 address=10.208.16.11
add list=sources4-backbone-a address=10.209.1.1/32
add list=sources4-access-parakan address=10.209.1.11/32
add list=sources4-access-parakan address=10.209.1.12/32
add list=sources4-access-parakan address=10.212.1.0/24
add list=sources4-access-parakan address=10.212.2.0/24
/ip/firewall/filter
add chain=input action=accept connection-state=established,related
add chain=input action=accept dst-address=10.209.11.1 src-address-list=stations4 in-interface=ether1
add chain=input action=drop dst-address-list=management4 comment=management_refused
add chain=input action=accept protocol=tcp dst-port=179 src-address-list=neighbours4
add chain=input action=accept protocol=udp dst-port=3784 ttl=equal:255 src-address-list=neighbours4
add chain=input action=accept protocol=icmp limit=1000,1000:packet
add chain=input action=drop comment=input_refused
add chain=forward action=drop dst-address-list=management4 src-address-list=!stations4 dst-address=!10.209.31.0/24 comment=management_refused
add chain=forward action=drop src-address-list=!block4 comment=source_refused
add chain=forward action=drop dst-address-list=!block4 comment=destination_refused
add chain=forward action=jump jump-target=from-backbone-a in-interface=ether1
add chain=forward action=jump jump-target=from-access-parakan in-interface=ether2
add chain=forward action=drop comment=unknown_segment
add chain=from-backbone-a action=drop src-address-list=sources4-backbone-a comment=source_refused
add chain=from-backbone-a action=jump jump-target=verdict
add chain=from-access-parakan action=jump jump-target=verdict protocol=icmp icmp-options=3:0-255
add chain=from-access-parakan action=jump jump-target=verdict protocol=icmp icmp-options=11:0-255
add chain=from-access-parakan action=jump jump-target=verdict protocol=icmp icmp-options=12:0-255
add chain=from-access-parakan action=drop src-address-list=!sources4-access-parakan comment=source_refused
add chain=from-access-parakan action=jump jump-target=verdict
add chain=verdict action=accept
add chain=output action=drop protocol=icmp icmp-options=5:0-255
/ipv6/firewall/address-list
add list=block6 address=fd5c:ad00:7031::/48
add list=management6 address=fd5c:ad00:7031:fe00::/56
add list=stations6 address=fd5c:ad00:7031:fe20::/64
add list=neighbours6 address=fd5c:ad00:7031:1::1
add list=neighbours6 address=fd5c:ad00:7031:2::a
add list=neighbours6 address=fd5c:ad00:7031:2::b
add list=sources6-backbone-a address=fd5c:ad00:7031:ff01::1/128
add list=sources6-access-parakan address=fd5c:ad00:7031:8001::/64
add list=sources6-access-parakan address=fd5c:ad00:7031:8002::/64
add list=sources6-access-parakan address=fd5c:ad00:7031:ff01::b/128
add list=sources6-access-parakan address=fd5c:ad00:7031:ff01::c/128
/ipv6/firewall/filter
add chain=input action=accept connection-state=established,related
add chain=input action=accept dst-address=fd5c:ad00:7031:fe01::1 src-address-list=stations6 in-interface=ether1
add chain=input action=drop dst-address-list=management6 comment=management_refused
add chain=input action=accept protocol=tcp dst-port=179 src-address-list=neighbours6
add chain=input action=accept protocol=udp dst-port=3784 hop-limit=equal:255 src-address-list=neighbours6
add chain=input action=accept protocol=icmpv6 limit=1000,1000:packet
add chain=input action=drop comment=input_refused
add chain=forward action=drop dst-address-list=management6 src-address-list=!stations6 dst-address=!fd5c:ad00:7031:fe20::/64 comment=management_refused
add chain=forward action=drop src-address-list=!block6 comment=source_refused
add chain=forward action=drop dst-address-list=!block6 comment=destination_refused
add chain=forward action=jump jump-target=from-backbone-a in-interface=ether1
add chain=forward action=jump jump-target=from-access-parakan in-interface=ether2
add chain=forward action=drop comment=unknown_segment
add chain=from-backbone-a action=drop src-address-list=sources6-backbone-a comment=source_refused
add chain=from-backbone-a action=jump jump-target=verdict
add chain=from-access-parakan action=jump jump-target=verdict protocol=icmpv6 icmp-options=1:0-255
add chain=from-access-parakan action=jump jump-target=verdict protocol=icmpv6 icmp-options=2:0-255
add chain=from-access-parakan action=jump jump-target=verdict protocol=icmpv6 icmp-options=3:0-255
add chain=from-access-parakan action=jump jump-target=verdict protocol=icmpv6 icmp-options=4:0-255
add chain=from-access-parakan action=drop src-address-list=!sources6-access-parakan comment=source_refused
add chain=from-access-parakan action=jump jump-target=verdict
add chain=verdict action=accept
add chain=output action=drop protocol=icmpv6 icmp-options=137:0-255
/routing/filter/rule
add chain=from-uplink4 rule="if (dst in 10.209.1.1/32) { reject }"
add chain=from-uplink4 rule="if (dst == 10.212.0.0/18) { reject }"
add chain=from-uplink4 rule="if (dst == 10.209.1.0/24) { reject }"
add chain=from-uplink4 rule="if (dst in 10.208.0.0/12 && bgp-path-len <= 8) { accept }"
add chain=from-uplink4 rule="reject"
add chain=to-uplink4 rule="if (dst == 10.209.1.0/24) { accept }"
add chain=to-uplink4 rule="if (dst == 10.212.0.0/18) { accept }"
add chain=to-uplink4 rule="reject"
add chain=from-dinas-1-access-parakan-4 rule="if (bgp-path-len > 8) { reject }"
add chain=from-dinas-1-access-parakan-4 rule="if (dst == 10.209.1.11/32) { accept }"
add chain=from-dinas-1-access-parakan-4 rule="if (dst == 10.212.1.0/24) { accept }"
add chain=from-dinas-1-access-parakan-4 rule="reject"
add chain=from-dinas-2-access-parakan-4 rule="if (bgp-path-len > 8) { reject }"
add chain=from-dinas-2-access-parakan-4 rule="if (dst == 10.209.1.12/32) { accept }"
add chain=from-dinas-2-access-parakan-4 rule="if (dst == 10.212.2.0/24) { accept }"
add chain=from-dinas-2-access-parakan-4 rule="reject"
add chain=to-hub4 rule="accept"
add chain=from-uplink6 rule="if (dst in fd5c:ad00:7031:ff01::1/128) { reject }"
add chain=from-uplink6 rule="if (dst == fd5c:ad00:7031:8000::/54) { reject }"
add chain=from-uplink6 rule="if (dst == fd5c:ad00:7031:ff01::/64) { reject }"
add chain=from-uplink6 rule="if (dst in fd5c:ad00:7031::/48 && bgp-path-len <= 8) { accept }"
add chain=from-uplink6 rule="reject"
add chain=to-uplink6 rule="if (dst == fd5c:ad00:7031:8000::/54) { accept }"
add chain=to-uplink6 rule="if (dst == fd5c:ad00:7031:ff01::/64) { accept }"
add chain=to-uplink6 rule="reject"
add chain=from-dinas-1-access-parakan-6 rule="if (bgp-path-len > 8) { reject }"
add chain=from-dinas-1-access-parakan-6 rule="if (dst == fd5c:ad00:7031:8001::/64) { accept }"
add chain=from-dinas-1-access-parakan-6 rule="if (dst == fd5c:ad00:7031:ff01::b/128) { accept }"
add chain=from-dinas-1-access-parakan-6 rule="reject"
add chain=from-dinas-2-access-parakan-6 rule="if (bgp-path-len > 8) { reject }"
add chain=from-dinas-2-access-parakan-6 rule="if (dst == fd5c:ad00:7031:8002::/64) { accept }"
add chain=from-dinas-2-access-parakan-6 rule="if (dst == fd5c:ad00:7031:ff01::c/128) { accept }"
add chain=from-dinas-2-access-parakan-6 rule="reject"
add chain=to-hub6 rule="accept"
/routing/bfd/configuration
add interfaces=ether1 min-rx=200ms min-tx=200ms multiplier=3
add interfaces=ether2 min-rx=1s min-tx=1s multiplier=3
/ip/firewall/address-list
add list=own4 address=10.209.1.0/24
add list=own4 address=10.209.1.1/32
add list=own4 address=10.212.0.0/18
/ipv6/firewall/address-list
add list=own6 address=fd5c:ad00:7031:8000::/54
add list=own6 address=fd5c:ad00:7031:ff01::/64
add list=own6 address=fd5c:ad00:7031:ff01::1/128
/routing/bgp/instance
add name=simpul as=4200001000 router-id=10.209.1.1
/routing/bgp/connection
add name=core-pusat-data-backbone-a-4 instance=simpul afi=ip remote.address=10.208.0.1 remote.as=4200000000 remote.ttl=255 local.address=10.208.0.10 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-uplink4 input.limit-process-routes-ipv4=10000 output.filter-chain=to-uplink4 output.network=own4 output.redistribute=bgp
add name=dinas-1-access-parakan-4 instance=simpul afi=ip remote.address=10.208.16.10 remote.as=4200002001 remote.ttl=255 local.address=10.208.16.1 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-dinas-1-access-parakan-4 input.limit-process-routes-ipv4=102 output.filter-chain=to-hub4 output.network=own4 output.redistribute=bgp
add name=dinas-2-access-parakan-4 instance=simpul afi=ip remote.address=10.208.16.11 remote.as=4200002002 remote.ttl=255 local.address=10.208.16.1 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-dinas-2-access-parakan-4 input.limit-process-routes-ipv4=102 output.filter-chain=to-hub4 output.network=own4 output.redistribute=bgp
add name=core-pusat-data-backbone-a-6 instance=simpul afi=ipv6 remote.address=fd5c:ad00:7031:1::1 remote.as=4200000000 remote.ttl=255 local.address=fd5c:ad00:7031:1::a local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-uplink6 input.limit-process-routes-ipv6=10000 output.filter-chain=to-uplink6 output.network=own6 output.redistribute=bgp
add name=dinas-1-access-parakan-6 instance=simpul afi=ipv6 remote.address=fd5c:ad00:7031:2::a remote.as=4200002001 remote.ttl=255 local.address=fd5c:ad00:7031:2::1 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-dinas-1-access-parakan-6 input.limit-process-routes-ipv6=102 output.filter-chain=to-hub6 output.network=own6 output.redistribute=bgp
add name=dinas-2-access-parakan-6 instance=simpul afi=ipv6 remote.address=fd5c:ad00:7031:2::b remote.as=4200002002 remote.ttl=255 local.address=fd5c:ad00:7031:2::1 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-dinas-2-access-parakan-6 input.limit-process-routes-ipv6=102 output.filter-chain=to-hub6 output.network=own6 output.redistribute=bgp
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

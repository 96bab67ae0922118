# dinas-1: Router dinas-1. Made from the plan by simpul config; what is changed here by hand is lost.
# RouterOS 7.20 or later, on a board without configuration: /system/reset-configuration no-defaults=yes
# Which port leads where (another: simpul config --port ROLE=INTERFACE):
#   access-parakan = ether1: 10.208.16.10/22 fd5c:ad00:7031:2::a/64, pop-parakan
#   lan = ether2: 10.212.1.1/24 fd5c:ad00:7031:8001::1/64, the devices of the LAN
# The router itself answers at 10.209.11.11 and fd5c:ad00:7031:fe01::b, to stations in 10.209.31.0/24 and fd5c:ad00:7031:fe20::/64 only.
# LAN: 10.212.1.0/24 and fd5c:ad00:7031:8001::/64, this router is its first host; no other addresses are carried (Perbup Temanggung 83/2021 pasal 21).
# DHCP is the agency's own: it may hand out 10.212.1.2 to 10.212.1.254, router 10.212.1.1, resolvers 10.210.128.53 fd5c:ad00:7031:5::53.
/system/identity
set name=dinas-1
/interface/ethernet
set [ find default-name=ether1 ] comment="access-parakan: pop-parakan"
set [ find default-name=ether2 ] comment="lan: the devices of the LAN"
/interface/bridge
add name=loopback protocol-mode=none comment="Router dinas-1"
add name=lan comment="the devices of the LAN"
/interface/bridge/port
add bridge=lan interface=ether2
/ip/address
add address=10.209.1.11/32 interface=loopback
add address=10.209.11.11/32 interface=loopback
add address=10.208.16.10/22 interface=ether1
add address=10.212.1.1/24 interface=lan
/ipv6/settings
set accept-router-advertisements=no
/ipv6/address
add address=fd5c:ad00:7031:ff01::b/128 interface=loopback advertise=no
add address=fd5c:ad00:7031:fe01::b/128 interface=loopback advertise=no
add address=fd5c:ad00:7031:2::a/64 interface=ether1 advertise=no
add address=fd5c:ad00:7031:8001::1/64 interface=lan advertise=yes
/ip/route
add blackhole dst-address=10.209.1.11/32 distance=250
add blackhole dst-address=10.212.1.0/24 distance=250
/ipv6/route
add blackhole dst-address=fd5c:ad00:7031:ff01::b/128 distance=250
add blackhole dst-address=fd5c:ad00:7031:8001::/64 distance=250
/ip/firewall/address-list
add list=block4 address=10.208.0.0/12
add list=management4 address=10.209.16.0/20
add list=stations4 address=10.209.31.0/24
add list=neighbours4 address=10.208.16.1
add list=sources4-access-parakan address=10.209.1.11/32
add list=sources4-access-parakan address=10.212.1.0/24
add list=sources4-lan address=10.212.1.0/24
/ip/firewall/filter
add chain=input action=accept connection-state=established,related
add chain=input action=accept dst-address=10.209.11.11 src-address-list=stations4 in-interface=ether1
add chain=input action=drop dst-address-list=management4 comment=management_refused
add chain=input action=accept protocol=tcp dst-port=179 src-address-list=neighbours4
add chain=input action=accept protocol=udp dst-port=3784 ttl=equal:255 src-address-list=neighbours4
add chain=input action=accept protocol=udp dst-port=67,547 in-interface=lan
add chain=input action=accept protocol=icmp limit=1000,1000:packet
add chain=input action=drop comment=input_refused
add chain=forward action=drop dst-address-list=management4 src-address-list=!stations4 dst-address=!10.209.31.0/24 comment=management_refused
add chain=forward action=drop src-address-list=!block4 comment=source_refused
add chain=forward action=drop dst-address-list=!block4 comment=destination_refused
add chain=forward action=jump jump-target=from-access-parakan in-interface=ether1
add chain=forward action=jump jump-target=from-lan in-interface=lan
add chain=forward action=drop comment=unknown_segment
add chain=from-access-parakan action=drop src-address-list=sources4-access-parakan comment=source_refused
add chain=from-access-parakan action=jump jump-target=verdict
add chain=from-lan action=drop src-address-list=!sources4-lan comment=source_refused
add chain=from-lan action=jump jump-target=verdict
add chain=verdict action=accept
add chain=output action=drop protocol=icmp icmp-options=5:0-255
/ipv6/firewall/address-list
add list=block6 address=fd5c:ad00:7031::/48
add list=management6 address=fd5c:ad00:7031:fe00::/56
add list=stations6 address=fd5c:ad00:7031:fe20::/64
add list=neighbours6 address=fd5c:ad00:7031:2::1
add list=sources6-access-parakan address=fd5c:ad00:7031:8001::/64
add list=sources6-access-parakan address=fd5c:ad00:7031:ff01::b/128
add list=sources6-lan address=fd5c:ad00:7031:8001::/64
/ipv6/firewall/filter
add chain=input action=accept connection-state=established,related
add chain=input action=accept dst-address=fd5c:ad00:7031:fe01::b src-address-list=stations6 in-interface=ether1
add chain=input action=drop dst-address-list=management6 comment=management_refused
add chain=input action=accept protocol=tcp dst-port=179 src-address-list=neighbours6
add chain=input action=accept protocol=udp dst-port=3784 hop-limit=equal:255 src-address-list=neighbours6
add chain=input action=accept protocol=udp dst-port=67,547 in-interface=lan
add chain=input action=accept protocol=icmpv6 limit=1000,1000:packet
add chain=input action=drop comment=input_refused
add chain=forward action=drop dst-address-list=management6 src-address-list=!stations6 dst-address=!fd5c:ad00:7031:fe20::/64 comment=management_refused
add chain=forward action=drop src-address-list=!block6 comment=source_refused
add chain=forward action=drop dst-address-list=!block6 comment=destination_refused
add chain=forward action=jump jump-target=from-access-parakan in-interface=ether1
add chain=forward action=jump jump-target=from-lan in-interface=lan
add chain=forward action=drop comment=unknown_segment
add chain=from-access-parakan action=drop src-address-list=sources6-access-parakan comment=source_refused
add chain=from-access-parakan action=jump jump-target=verdict
add chain=from-lan action=drop src-address-list=!sources6-lan comment=source_refused
add chain=from-lan action=jump jump-target=verdict
add chain=verdict action=accept
add chain=output action=drop protocol=icmpv6 icmp-options=137:0-255
/routing/filter/rule
add chain=from-uplink4 rule="if (dst in 10.209.1.11/32) { reject }"
add chain=from-uplink4 rule="if (dst in 10.212.1.0/24) { reject }"
add chain=from-uplink4 rule="if (dst in 10.208.0.0/12 && bgp-path-len <= 8) { accept }"
add chain=from-uplink4 rule="reject"
add chain=to-uplink4 rule="if (dst == 10.209.1.11/32) { accept }"
add chain=to-uplink4 rule="if (dst == 10.212.1.0/24) { accept }"
add chain=to-uplink4 rule="reject"
add chain=from-uplink6 rule="if (dst in fd5c:ad00:7031:ff01::b/128) { reject }"
add chain=from-uplink6 rule="if (dst in fd5c:ad00:7031:8001::/64) { reject }"
add chain=from-uplink6 rule="if (dst in fd5c:ad00:7031::/48 && bgp-path-len <= 8) { accept }"
add chain=from-uplink6 rule="reject"
add chain=to-uplink6 rule="if (dst == fd5c:ad00:7031:8001::/64) { accept }"
add chain=to-uplink6 rule="if (dst == fd5c:ad00:7031:ff01::b/128) { accept }"
add chain=to-uplink6 rule="reject"
/routing/bfd/configuration
add interfaces=ether1 min-rx=1s min-tx=1s multiplier=3
/ip/firewall/address-list
add list=own4 address=10.209.1.11/32
add list=own4 address=10.212.1.0/24
/ipv6/firewall/address-list
add list=own6 address=fd5c:ad00:7031:8001::/64
add list=own6 address=fd5c:ad00:7031:ff01::b/128
/routing/bgp/instance
add name=simpul as=4200002001 router-id=10.209.1.11
/routing/bgp/connection
add name=pop-parakan-access-parakan-4 instance=simpul afi=ip remote.address=10.208.16.1 remote.as=4200001000 remote.ttl=255 local.address=10.208.16.10 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-uplink4 input.limit-process-routes-ipv4=10000 output.filter-chain=to-uplink4 output.network=own4
add name=pop-parakan-access-parakan-6 instance=simpul afi=ipv6 remote.address=fd5c:ad00:7031:2::1 remote.as=4200001000 remote.ttl=255 local.address=fd5c:ad00:7031:2::a local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-uplink6 input.limit-process-routes-ipv6=10000 output.filter-chain=to-uplink6 output.network=own6
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

# dinas-kesehatan: Router dinas-kesehatan. Made from the plan by simpul config; what is changed here by hand is lost.
# RouterOS 7.20 or later, on a board without configuration: /system/reset-configuration no-defaults=yes
# Which port leads where (another: simpul config --port ROLE=INTERFACE):
#   pusat-data = ether1: 10.210.0.20/24 fd5c:ad00:7031:3::14/64, core-pusat-data
#   dinas-kesehatan = ether2: 10.210.1.1/24 fd5c:ad00:7031:4::1/64, servers
# The router itself answers at 10.209.10.20 and fd5c:ad00:7031:fe00::20, to stations in 10.209.31.0/24 and fd5c:ad00:7031:fe20::/64 only.
/system/identity
set name=dinas-kesehatan
/interface/ethernet
set [ find default-name=ether1 ] comment="pusat-data: core-pusat-data"
set [ find default-name=ether2 ] comment="dinas-kesehatan: servers"
/interface/bridge
add name=loopback protocol-mode=none comment="Router dinas-kesehatan"
/ip/address
add address=10.209.0.20/32 interface=loopback
add address=10.209.10.20/32 interface=loopback
add address=10.210.0.20/24 interface=ether1
add address=10.210.1.1/24 interface=ether2
/ipv6/settings
set accept-router-advertisements=no
/ipv6/address
add address=fd5c:ad00:7031:ff00::20/128 interface=loopback advertise=no
add address=fd5c:ad00:7031:fe00::20/128 interface=loopback advertise=no
add address=fd5c:ad00:7031:3::14/64 interface=ether1 advertise=no
add address=fd5c:ad00:7031:4::1/64 interface=ether2 advertise=no
/ip/route
add blackhole dst-address=10.209.0.20/32 distance=250
add dst-address=10.210.128.7/32 gateway=10.210.1.10
/ipv6/route
add blackhole dst-address=fd5c:ad00:7031:ff00::20/128 distance=250
add dst-address=fd5c:ad00:7031:5::7/128 gateway=fd5c:ad00:7031:4::10
/ip/firewall/address-list
add list=block4 address=10.208.0.0/12
add list=management4 address=10.209.16.0/20
add list=stations4 address=10.209.31.0/24
add list=neighbours4 address=10.210.0.1
add list=sources4-pusat-data address=10.209.0.20/32
add list=sources4-pusat-data address=10.210.128.7/32
add list=sources4-dinas-kesehatan address=10.210.1.0/24
add list=sources4-dinas-kesehatan address=10.210.128.7/32
/ip/firewall/filter
add chain=input action=accept connection-state=established,related
add chain=input action=accept dst-address=10.209.10.20 src-address-list=stations4 in-interface=ether1
add chain=input action=drop dst-address-list=management4 comment=management_refused
add chain=input action=accept protocol=tcp dst-port=179 src-address-list=neighbours4
add chain=input action=accept protocol=udp dst-port=3784 ttl=equal:255 src-address-list=neighbours4
add chain=input action=accept protocol=icmp limit=1000,1000:packet
add chain=input action=drop comment=input_refused
add chain=forward action=drop dst-address-list=management4 src-address-list=!stations4 dst-address=!10.209.31.0/24 comment=management_refused
add chain=forward action=drop src-address-list=!block4 comment=source_refused
add chain=forward action=drop dst-address-list=!block4 comment=destination_refused
add chain=forward action=jump jump-target=from-pusat-data in-interface=ether1
add chain=forward action=jump jump-target=from-dinas-kesehatan in-interface=ether2
add chain=forward action=drop comment=unknown_segment
add chain=from-pusat-data action=drop src-address-list=sources4-pusat-data comment=source_refused
add chain=from-pusat-data action=jump jump-target=verdict
add chain=from-dinas-kesehatan action=drop src-address-list=!sources4-dinas-kesehatan comment=source_refused
add chain=from-dinas-kesehatan action=jump jump-target=verdict
add chain=verdict action=accept connection-state=established,related
add chain=verdict action=accept protocol=tcp dst-port=22 src-address=10.212.1.0/24 dst-address=10.210.128.7/32 comment=ssh-from-owner
add chain=verdict action=accept protocol=icmp icmp-options=8:0 src-address=10.212.1.0/24 dst-address=10.210.128.7/32 comment=ping-from-owner
add chain=verdict action=accept protocol=udp dst-port=53 src-address=10.210.128.7/32 dst-address=10.208.0.0/12 comment=names-udp
add chain=verdict action=accept protocol=tcp dst-port=8443 dst-address=10.210.128.7/32 comment=publish-all
add chain=verdict action=drop comment=denied
add chain=output action=drop protocol=icmp icmp-options=5:0-255
/ipv6/firewall/address-list
add list=block6 address=fd5c:ad00:7031::/48
add list=management6 address=fd5c:ad00:7031:fe00::/56
add list=stations6 address=fd5c:ad00:7031:fe20::/64
add list=neighbours6 address=fd5c:ad00:7031:3::1
add list=sources6-pusat-data address=fd5c:ad00:7031:5::7/128
add list=sources6-pusat-data address=fd5c:ad00:7031:ff00::20/128
add list=sources6-dinas-kesehatan address=fd5c:ad00:7031:4::/64
add list=sources6-dinas-kesehatan address=fd5c:ad00:7031:5::7/128
/ipv6/firewall/filter
add chain=input action=accept connection-state=established,related
add chain=input action=accept dst-address=fd5c:ad00:7031:fe00::20 src-address-list=stations6 in-interface=ether1
add chain=input action=drop dst-address-list=management6 comment=management_refused
add chain=input action=accept protocol=tcp dst-port=179 src-address-list=neighbours6
add chain=input action=accept protocol=udp dst-port=3784 hop-limit=equal:255 src-address-list=neighbours6
add chain=input action=accept protocol=icmpv6 limit=1000,1000:packet
add chain=input action=drop comment=input_refused
add chain=forward action=drop dst-address-list=management6 src-address-list=!stations6 dst-address=!fd5c:ad00:7031:fe20::/64 comment=management_refused
add chain=forward action=drop src-address-list=!block6 comment=source_refused
add chain=forward action=drop dst-address-list=!block6 comment=destination_refused
add chain=forward action=jump jump-target=from-pusat-data in-interface=ether1
add chain=forward action=jump jump-target=from-dinas-kesehatan in-interface=ether2
add chain=forward action=drop comment=unknown_segment
add chain=from-pusat-data action=drop src-address-list=sources6-pusat-data comment=source_refused
add chain=from-pusat-data action=jump jump-target=verdict
add chain=from-dinas-kesehatan action=drop src-address-list=!sources6-dinas-kesehatan comment=source_refused
add chain=from-dinas-kesehatan action=jump jump-target=verdict
add chain=verdict action=accept connection-state=established,related
add chain=verdict action=accept protocol=tcp dst-port=22 src-address=fd5c:ad00:7031:8001::/64 dst-address=fd5c:ad00:7031:5::7/128 comment=ssh-from-owner
add chain=verdict action=accept protocol=icmpv6 icmp-options=128:0 src-address=fd5c:ad00:7031:8001::/64 dst-address=fd5c:ad00:7031:5::7/128 comment=ping-from-owner
add chain=verdict action=accept protocol=udp dst-port=53 src-address=fd5c:ad00:7031:5::7/128 dst-address=fd5c:ad00:7031::/48 comment=names-udp
add chain=verdict action=accept protocol=tcp dst-port=8443 dst-address=fd5c:ad00:7031:5::7/128 comment=publish-all
add chain=verdict action=drop comment=denied
add chain=output action=drop protocol=icmpv6 icmp-options=137:0-255
/routing/filter/rule
add chain=from-uplink4 rule="if (dst in 10.209.0.20/32) { reject }"
add chain=from-uplink4 rule="if (dst in 10.210.128.7/32) { reject }"
add chain=from-uplink4 rule="if (dst in 10.208.0.0/12 && bgp-path-len <= 8) { accept }"
add chain=from-uplink4 rule="reject"
add chain=to-uplink4 rule="if (dst == 10.209.0.20/32) { accept }"
add chain=to-uplink4 rule="if (dst == 10.210.128.7/32) { accept }"
add chain=to-uplink4 rule="reject"
add chain=from-uplink6 rule="if (dst in fd5c:ad00:7031:ff00::20/128) { reject }"
add chain=from-uplink6 rule="if (dst in fd5c:ad00:7031:5::7/128) { reject }"
add chain=from-uplink6 rule="if (dst in fd5c:ad00:7031::/48 && bgp-path-len <= 8) { accept }"
add chain=from-uplink6 rule="reject"
add chain=to-uplink6 rule="if (dst == fd5c:ad00:7031:5::7/128) { accept }"
add chain=to-uplink6 rule="if (dst == fd5c:ad00:7031:ff00::20/128) { accept }"
add chain=to-uplink6 rule="reject"
/routing/bfd/configuration
add interfaces=ether1 min-rx=200ms min-tx=200ms multiplier=3
/ip/firewall/address-list
add list=own4 address=10.209.0.20/32
add list=own4 address=10.210.128.7/32
/ipv6/firewall/address-list
add list=own6 address=fd5c:ad00:7031:5::7/128
add list=own6 address=fd5c:ad00:7031:ff00::20/128
/routing/bgp/instance
add name=simpul as=4200003000 router-id=10.209.0.20
/routing/bgp/connection
add name=core-pusat-data-pusat-data-4 instance=simpul afi=ip remote.address=10.210.0.1 remote.as=4200000000 remote.ttl=255 local.address=10.210.0.20 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-uplink4 input.limit-process-routes-ipv4=10000 output.filter-chain=to-uplink4 output.network=own4
add name=core-pusat-data-pusat-data-6 instance=simpul afi=ipv6 remote.address=fd5c:ad00:7031:3::1 remote.as=4200000000 remote.ttl=255 local.address=fd5c:ad00:7031:3::14 local.role=ebgp local.ttl=255 connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes input.filter=from-uplink6 input.limit-process-routes-ipv6=10000 output.filter-chain=to-uplink6 output.network=own6
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

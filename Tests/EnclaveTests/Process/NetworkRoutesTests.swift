import Testing

@testable import Enclave

@Suite("ways out of the network")
struct NetworkRoutesTests {
    private static let headline = "Iface\tDestination\tGateway \tFlags\n"
    private static let loopback6 = String(repeating: "0", count: 32) + " 00 00000001 00000000 00200200       lo\n"

    @Test("a namespace with nothing but loopback leads nowhere, with IPv6 and without")
    func nowhere() {
        #expect(NetworkRoutes.leadNowhere(ipv4: Self.headline, ipv6: Self.loopback6))
        #expect(NetworkRoutes.leadNowhere(ipv4: Self.headline + "lo\t0000007F\t00000000\n", ipv6: ""))
    }

    @Test("one route over another device is a way out, whichever family it is of")
    func somewhere() {
        let route4 = Self.headline + "eth0\t00000000\t010200C0\t0003\n"
        let route6 = Self.loopback6 + "fe80 40 00000001 00000000 00000001     eth0\n"
        #expect(!NetworkRoutes.leadNowhere(ipv4: route4, ipv6: Self.loopback6))
        #expect(!NetworkRoutes.leadNowhere(ipv4: Self.headline, ipv6: route6))
        #expect(!NetworkRoutes.leadNowhere(ipv4: Self.headline + "lo0\t00000000\n", ipv6: ""))
    }
}

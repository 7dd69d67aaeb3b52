import Configuration
import Encodings
import HTTPServer

extension HostConfiguration {
    /// Reads the settings of certificates and proxies.
    mutating func readEdge(_ root: Section) throws(ConfigurationError) {
        if let section = try root.section("tls") {
            tls = TLSFiles(
                certificate: try section.requiredPath("certificate"), key: try section.requiredPath("key"),
                clientAuthorities: try section.path("operator_client_ca"))
        }
        if let ranges = try Self.addresses("behind_proxy", root) { server.proxies.addresses = ranges }
        server.proxies.fields =
            try root.choice("proxy_fields", of: TrustedProxies.Fields.self) ?? server.proxies.fields
    }

    mutating func readOperator(_ section: Section) throws(ConfigurationError) {
        let name = "allowed_addresses"
        guard let ranges = try Self.addresses(name, section) else { return }
        guard (1...AddressList.limit).contains(ranges.count) else {
            throw section.error(name, "must list 1 to \(AddressList.limit) addresses or networks")
        }
        operatorAddresses = AddressList(ranges)
    }

    private static func addresses(_ name: String, _ section: Section) throws(ConfigurationError) -> [AddressRange]? {
        try section.strings(name)?.map { text throws(ConfigurationError) in
            guard let range = AddressRange(text) else {
                throw section.error(name, "must list addresses or networks such as 10.0.0.0/8, not \"\(text)\"")
            }
            return range
        }
    }

    /// Throws where requests would travel in the clear between machines, and says what else there is.
    func requireSafeListener() throws(CommandError) {
        guard tls == nil, !listen.isLoopback, server.proxies.addresses.isEmpty else { return }
        throw CommandError(
            """
            \(listen.text) is beyond this machine, and plain HTTP would show codes and keys to the network between. Either
              serve HTTPS:           --tls-certificate FILE --tls-key FILE (for trials: countersign certificate self-signed)
              put a proxy in front:  --behind-proxy ADDRESS, the proxy's own, which alone is answered then
              stay on this machine:  --listen 127.0.0.1:\(listen.port)
            """)
    }
}

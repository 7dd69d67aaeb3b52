import ArgumentParser
import Configuration
import Encodings
import HTTPServer

/// What `serve` takes about certificates and proxies; what is not given is as `countersign.yaml` says.
struct EdgeOptions: ParsableArguments {
    @Option(help: "Serve HTTPS with this certificate: PEM, followed by those that lead to its authority.")
    var tlsCertificate: String?

    @Option(help: "The certificate's private key: PEM, not readable by everybody.")
    var tlsKey: String?

    @Option(
        name: .customLong("operator-client-ca"),
        help:
            "Take operators' keys over HTTPS only with a client certificate that an authority in this PEM file vouches for."
    )
    var operatorClientAuthority: String?

    @Option(
        help: ArgumentHelp(
            "Serve plain HTTP to these proxies, and believe what they say of their clients; comma-separated.",
            valueName: "address[,network…]"))
    var behindProxy: ProxyAddresses?

    @Option(
        help:
            "What the proxies tell of their clients by: x-forwarded (X-Forwarded-For, -Proto) or forwarded (RFC 7239).")
    var proxyFields: TrustedProxies.Fields?

    /// Puts these in the place of the file's settings.
    func apply(to configuration: inout HostConfiguration) throws(CommandError) {
        switch (try tlsCertificate.map(Self.path), try tlsKey.map(Self.path)) {
        case (let certificate?, let key?):
            configuration.tls = TLSFiles(
                certificate: certificate, key: key, clientAuthorities: configuration.tls?.clientAuthorities)
        case (nil, nil): break
        case (_?, nil): throw CommandError("--tls-certificate needs its private key too: --tls-key FILE")
        case (nil, _?): throw CommandError("--tls-key needs its certificate too: --tls-certificate FILE")
        }
        if let operatorClientAuthority = try operatorClientAuthority.map(Self.path) {
            guard configuration.tls != nil else {
                throw CommandError(
                    "--operator-client-ca asks for certificates over HTTPS: give --tls-certificate and --tls-key too")
            }
            configuration.tls?.clientAuthorities = operatorClientAuthority
        }
        if let behindProxy { configuration.server.proxies.addresses = behindProxy.ranges }
        if let proxyFields { configuration.server.proxies.fields = proxyFields }
    }
}

extension EdgeOptions {
    /// The file that an option names, which may be a credential of the service manager's.
    private static func path(_ text: String) throws(CommandError) -> String {
        do { return try CredentialFolder.ofProcess.path(of: text) } catch { throw CommandError("\(text): \(error)") }
    }
}

/// Addresses and networks, separated by commas.
struct ProxyAddresses: ExpressibleByArgument {
    let ranges: [AddressRange]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let ranges = parts.compactMap { AddressRange(String($0)) }
        guard ranges.count == parts.count else { return nil }
        self.ranges = ranges
    }
}

extension TrustedProxies.Fields: ExpressibleByArgument {}

import Configuration
import EnclaveLink
import Testing
import TransparencyLog

@testable import Enclave

extension DeliveryTests {
    @Suite struct WitnessSettingsTests {
        private let folder: SettingsFolder

        init() throws { folder = try SettingsFolder() }

        private func vkey(
            _ name: String = "w.example.com", _ algorithm: VerifierKey.Algorithm = .cosignature
        ) throws -> String {
            let key = Array(repeating: UInt8(7), count: 32)
            return try VerifierKey(name: KeyName(name), algorithm: algorithm, publicKey: key).text
        }

        @Test("without the list there are none")
        func absent() throws {
            #expect(try folder.settings("audit_log: {anchor_file: a}\n").auditLog.witnesses == [])
        }

        @Test("each has a key, an address below which it takes checkpoints, and authorities of its own")
        func everything() throws {
            try folder.write("-----BEGIN CERTIFICATE-----\n", to: "ca.pem")
            let settings = try folder.settings(
                """
                audit_log:
                  witnesses:
                    - {vkey: \(vkey()), url: "https://w.example.com:8443/log/", ca_file: ca.pem}
                    - {vkey: \(vkey("other")), url: "https://other.example.com"}
                """)
            let witnesses = settings.auditLog.witnesses
            #expect(witnesses.map(\.name) == ["w.example.com", "other"])
            #expect(witnesses.map(\.url.path) == ["/log/add-checkpoint", "/add-checkpoint"])
            #expect(witnesses[0].certificateAuthorities.count < 100)
            #expect(
                settings.providers.first
                    == ConfiguredProvider(
                        purpose: .witness, name: "w.example.com", host: "w.example.com", port: 8443))
        }

        @Test("a log's own key, no key, another scheme, and the same witness twice are refused")
        func refused() throws {
            let wrong = [
                "{vkey: \(try vkey("w", .ed25519)), url: 'https://w.example.com'}", "{url: 'https://w.example.com'}",
                "{vkey: nonsense, url: 'https://w.example.com'}", "{vkey: \(try vkey()), url: 'http://w.example.com'}",
                "{vkey: \(try vkey()), url: 'https://w.example.com/?a=b'}", "{vkey: \(try vkey())}",
                "{vkey: \(try vkey()), url: 'https://a.example'}, {vkey: \(try vkey()), url: 'https://b.example'}",
            ]
            for list in wrong {
                #expect(throws: ConfigurationError.self) {
                    try folder.settings("audit_log: {witnesses: [\(list)]}\n")
                }
            }
        }
    }
}

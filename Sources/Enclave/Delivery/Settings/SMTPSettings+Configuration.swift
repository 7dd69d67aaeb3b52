import Configuration
import Glibc

extension SMTPSettings {
    /// Where the authorities are if the setting `ca_file` names no other file.
    static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    /// Reads the section `smtp`.
    ///
    /// - Parameter folder: what paths in the section are relative to.
    init(_ section: Section, folder: String) throws(ConfigurationError) {
        let host = try section.requiredString("host")
        guard HostName.isValid(host) || Self.isAddress(host) else {
            throw section.error("host", "must be a host name in ASCII, such as smtp.example.com, or an IP address")
        }
        let port = try section.integer("port", in: 1...65535)
        let authorities = try Self.authorities(section, folder: folder)
        self.init(
            host: host, port: port.map { UInt16($0) },
            encryption: try section.choice("tls", of: Encryption.self) ?? .starttls,
            credentials: try SMTPCredentials(section, folder: folder), certificateAuthorities: authorities,
            sender: try Self.sender(section), helloName: try Self.helloName(section),
            connections: try section.integer("connections", in: Self.connectionRange) ?? Self.usualConnections)
    }

    private static func authorities(_ section: Section, folder: String) throws(ConfigurationError) -> [UInt8] {
        let path = try section.string("ca_file") ?? systemAuthorities
        let bytes: [UInt8]
        do {
            bytes = try SettingsFile(path, in: folder).bytes(limit: 4_194_304)
        } catch {
            throw section.error("ca_file", "\(path) \(error)")
        }
        guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN CERTIFICATE-----") else {
            throw section.error("ca_file", "\(path) holds no certificate in PEM")
        }
        return bytes
    }

    private static func sender(_ section: Section) throws(ConfigurationError) -> MailSender {
        guard let sender = MailSender(try section.requiredString("from")) else {
            throw section.error(
                "from", "must be one mailbox, such as no-reply@example.com or \"Example <no-reply@example.com>\"")
        }
        return sender
    }

    private static func helloName(_ section: Section) throws(ConfigurationError) -> String? {
        guard let name = try section.string("hello_name") else { return nil }
        guard HostName.isValid(name) else { throw section.error("hello_name", "must be a host name in ASCII") }
        return name
    }

    private static func isAddress(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1
    }
}

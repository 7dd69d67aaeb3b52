import EnclaveLink
import Encodings
import Configuration

extension SMTPSettings {
    /// Reads the section `smtp`.
    ///
    /// - Parameter folder: what paths in the section are relative to.
    init(_ section: Section, folder: String) throws(ConfigurationError) {
        let host = try section.requiredString("host")
        guard HostName.isValid(host) || HostName.isAddress(host) else {
            throw section.error("host", "must be a host name in ASCII, such as smtp.example.com, or an IP address")
        }
        let port = try section.integer("port", in: 1...65535)
        let sender = try Self.sender(section)
        self.init(
            host: host, port: port.map { UInt16($0) },
            encryption: try section.choice("tls", of: Encryption.self) ?? .starttls,
            credentials: try SMTPCredentials(section, folder: folder),
            certificateAuthorities: try section.certificateAuthorities(folder: folder), sender: sender,
            helloName: try Self.helloName(section),
            connections: try section.integer("connections", in: Self.connectionRange) ?? Self.usualConnections)
        if let senders = try section.strings("senders") {
            guard let addresses = AllowedAddresses(senders) else {
                throw section.error("senders", "must be domains or addresses, such as example.com or help@example.com")
            }
            allowedAddresses = addresses
        }
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
}

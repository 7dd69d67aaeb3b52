import Configuration

extension SMTPCredentials {
    /// Reads `username` with either `password` or `password_file`; nil if none of them is set.
    init?(_ section: Section, folder: String) throws(ConfigurationError) {
        let username = try section.string("username")
        let password = try section.secret("password")
        let path = try section.string("password_file")
        switch (username, password, path) {
        case (nil, nil, nil): return nil
        case (_, .some, .some): throw section.error("password_file", "cannot be set together with smtp.password")
        case (nil, _, .some): throw section.error("password_file", "needs smtp.username")
        case (nil, .some, _): throw section.error("password", "needs smtp.username")
        case (.some, nil, nil): throw section.error("username", "needs smtp.password or smtp.password_file")
        case (let username?, let password?, nil): self.init(username: username, password: password.reveal())
        case (let username?, nil, let path?):
            self.init(username: username, password: try Self.password(section, path, folder))
        }
    }

    /// The first line of a file, which must be its only one.
    private static func password(
        _ section: Section, _ path: String, _ folder: String
    ) throws(ConfigurationError) -> String {
        var bytes: [UInt8]
        do {
            bytes = try SettingsFile(path, in: folder).bytes(limit: 4096)
        } catch {
            throw section.error("password_file", "\(path) \(error)")
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 >= 0x20 }), let password = String(validating: bytes, as: UTF8.self)
        else { throw section.error("password_file", "\(path) must hold the password, in UTF-8, on one line") }
        return password
    }
}

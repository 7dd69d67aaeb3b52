import Configuration

extension SMTPCredentials {
    /// Reads `username` with either `password` or `password_file`; nil if none of them is set.
    init?(_ section: Section, folder: String) throws(ConfigurationError) {
        let username = try section.string("username")
        let password = try section.secret("password")
        let path = try section.path("password_file")
        switch (username, password, path) {
        case (nil, nil, nil): return nil
        case (_, .some, .some): throw section.error("password_file", "cannot be set together with smtp.password")
        case (nil, _, .some): throw section.error("password_file", "needs smtp.username")
        case (nil, .some, _): throw section.error("password", "needs smtp.username")
        case (.some, nil, nil): throw section.error("username", "needs smtp.password or smtp.password_file")
        case (let username?, let password?, nil): self.init(username: username, password: password.reveal())
        case (let username?, nil, let path?):
            let password = try section.secret("password_file", in: SettingsFile(path, in: folder))
            self.init(username: username, password: password.reveal())
        }
    }
}

import Configuration

extension Section {
    /// The credential that stands in the setting `name`, or in the file that `name_file` names; nil where neither is set.
    ///
    /// - Parameter folder: where a relative path starts.
    func secret(_ name: String, orFileIn folder: String) throws(ConfigurationError) -> SecretText? {
        let fileName = "\(name)_file"
        switch (try secret(name), try path(fileName)) {
        case (nil, nil): return nil
        case (let text?, nil): return text
        case (nil, let path?): return try secret(fileName, in: SettingsFile(path, in: folder))
        case (.some, .some): throw error(fileName, "cannot be set together with \(name)")
        }
    }

    /// As ``secret(_:orFileIn:)``, and its absence is an error.
    func requiredSecret(_ name: String, orFileIn folder: String) throws(ConfigurationError) -> SecretText {
        guard let secret = try secret(name, orFileIn: folder) else {
            throw error(name, "is missing; set it, or \(name)_file")
        }
        return secret
    }

    /// What a file holds on its first line, which must be its only one. No error quotes it.
    ///
    /// - Parameter name: the setting that named the file.
    func secret(_ name: String, in file: SettingsFile) throws(ConfigurationError) -> SecretText {
        var bytes: [UInt8]
        do {
            bytes = try file.bytes(limit: 4096)
        } catch {
            throw self.error(name, "\(file.name) \(error)")
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 >= 0x20 }), let text = String(validating: bytes, as: UTF8.self)
        else { throw error(name, "\(file.name) must hold the secret, in UTF-8, on one line") }
        return SecretText(text)
    }
}

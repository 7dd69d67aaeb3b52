import Configuration

extension Section {
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

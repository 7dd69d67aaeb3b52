import Configuration

extension Section {
    /// Where the authorities are if the setting `ca_file` names no other file.
    private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    /// Reads the certificates (PEM) that the setting `ca_file` names, or the system's.
    ///
    /// - Parameter folder: where a relative path starts.
    func certificateAuthorities(folder: String) throws(ConfigurationError) -> [UInt8] {
        let path = try string("ca_file") ?? Self.systemAuthorities
        let bytes: [UInt8]
        do {
            bytes = try SettingsFile(path, in: folder).bytes(limit: 4_194_304)
        } catch {
            throw self.error("ca_file", "\(path) \(error)")
        }
        guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN CERTIFICATE-----") else {
            throw self.error("ca_file", "\(path) holds no certificate in PEM")
        }
        return bytes
    }
}

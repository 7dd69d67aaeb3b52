import Configuration

extension Section {
    /// Reads the certificates (PEM) that the setting `ca_file` names, or the system's.
    ///
    /// - Parameter folder: where a relative path starts.
    func certificateAuthorities(folder: String) throws(ConfigurationError) -> [UInt8] {
        let path = try self.path("ca_file") ?? CertificateAuthorities.systemFile
        let bytes: [UInt8]
        do {
            bytes = try SettingsFile(path, in: folder).bytes(limit: CertificateAuthorities.limit)
        } catch {
            throw self.error("ca_file", "\(path) \(error)")
        }
        guard CertificateAuthorities.holdsCertificate(bytes) else {
            throw self.error("ca_file", "\(path) holds no certificate in PEM")
        }
        return bytes
    }
}

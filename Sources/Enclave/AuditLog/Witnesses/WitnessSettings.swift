import Configuration
import EnclaveLink
import TransparencyLog

/// A witness that cosigns the logs' heads, from the list `audit_log.witnesses` of `enclave.yaml`.
struct WitnessSettings: Equatable, Sendable {
    /// Witnesses of an installation, at most.
    static let limit = 8

    /// What its cosignatures are checked with; its name is the witness's.
    var key: VerifierKey
    /// Where it takes checkpoints, with `/add-checkpoint` at the end.
    var url: HTTPSAddress
    /// The certificates (PEM) that may vouch for the server; no others are trusted.
    var certificateAuthorities: [UInt8]

    var name: String { key.name.text }

    /// The witness with its destination, as the greeting tells the host.
    var provider: ConfiguredProvider {
        ConfiguredProvider(purpose: .witness, name: name, host: url.destination.host, port: url.destination.port)
    }

    /// Reads the list.
    ///
    /// - Parameters:
    ///   - section: the section `audit_log`.
    ///   - folder: what paths in the list are relative to.
    /// - Throws: `ConfigurationError`, which names file, line and what is allowed.
    static func list(_ section: Section, folder: String) throws(ConfigurationError) -> [WitnessSettings] {
        var witnesses: [WitnessSettings] = []
        for entry in try section.sections("witnesses") ?? [] {
            let witness = try WitnessSettings(entry, folder: folder)
            guard !witnesses.contains(where: { $0.name == witness.name }) else {
                throw entry.error("vkey", "names a witness that the list has already")
            }
            witnesses.append(witness)
        }
        guard witnesses.count <= limit else { throw section.error("witnesses", "must be at most \(limit)") }
        return witnesses
    }

    private init(_ section: Section, folder: String) throws(ConfigurationError) {
        guard let key = try? VerifierKey(parsing: try section.requiredString("vkey")), key.algorithm == .cosignature
        else { throw section.error("vkey", "must be a witness's key of type 4: <name>+<8 digits>+<base64>") }
        let prefix = try section.requiredString("url")
        guard let url = HTTPSAddress(prefix.trimmingSlash + "/add-checkpoint"), !prefix.contains("?") else {
            throw section.error("url", "must be an address such as https://witness.example.com")
        }
        self.key = key
        self.url = url
        certificateAuthorities = try section.certificateAuthorities(folder: folder)
        try section.finish()
    }
}

extension String {
    fileprivate var trimmingSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}

import Configuration
import FoundationEssentials
import Workspaces

/// A file of public keys in the form in which GitHub publishes those of its secret scanning.
private struct ReporterKeys: Decodable {
    struct Entry: Decodable {
        var identifier: String
        var key: String

        enum CodingKeys: String, CodingKey {
            case identifier = "key_identifier"
            case key
        }
    }

    var entries: [Entry]

    enum CodingKeys: String, CodingKey {
        case entries = "public_keys"
    }
}

extension HostConfiguration {
    private static let largestFile = 65_536
    private static let keyLimit = 100

    /// Reads who may report leaked keys with a signature.
    ///
    /// - Parameter path: where the settings stand: relative paths start in its folder.
    mutating func readLeaks(_ section: Section, beside path: String) throws(ConfigurationError) {
        var keys: [String: LeakReporters.Key] = [:]
        for reporter in try section.sections("reporters") ?? [] {
            let name = try reporter.requiredString("name")
            guard name.utf8.count <= 64,
                name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
            else { throw reporter.error("name", "must have at most 64 ASCII letters, digits, -, _ and .") }
            for entry in try Self.entries(reporter, beside: path) {
                guard let key = LeakReporters.Key(reporter: name, pem: entry.key) else {
                    throw reporter.error(
                        "keys_file", "has a key that is no P-256 public key in PEM: \(entry.identifier.prefix(64))")
                }
                guard keys.updateValue(key, forKey: entry.identifier) == nil else {
                    throw reporter.error(
                        "keys_file", "has a key identifier for the second time: \(entry.identifier.prefix(64))")
                }
            }
        }
        leakReporters = LeakReporters(keys)
    }

    private static func entries(
        _ reporter: Section, beside path: String
    ) throws(ConfigurationError) -> [ReporterKeys.Entry] {
        let name = try reporter.requiredString("keys_file")
        let file =
            name.hasPrefix("/")
            ? name
            : "\(path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"))/\(name)"
        guard let data = FileManager.default.contents(atPath: file), data.count <= largestFile else {
            throw reporter.error("keys_file", "cannot be read, or is larger than \(largestFile) bytes: \(file)")
        }
        guard let read = try? JSONDecoder().decode(ReporterKeys.self, from: data),
            (1...keyLimit).contains(read.entries.count)
        else {
            throw reporter.error(
                "keys_file",
                "must hold {\"public_keys\": [{\"key_identifier\": …, \"key\": PEM}]} with 1 to \(keyLimit) keys: \(file)"
            )
        }
        return read.entries
    }
}

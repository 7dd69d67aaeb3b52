import Encodings
import JOSE
import TransparencyLog

/// An entry as a line of JSON: `{"entry":…,"leaf":…,"personal":…,"sealed":…}`, canonical as a whole (RFC 8785).
extension ExportedEntry {
    /// The line with its end.
    var line: [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(1024)
        line.append(contentsOf: "{\"entry\":".utf8)
        let start = line.count
        entry.appendCanonicalText(to: &line)
        let leaf = LogHash.leaf(line[start...])
        line.append(contentsOf: ",\"leaf\":\"\(leaf)\",\"personal\":".utf8)
        switch personal {
        case .none: line.append(contentsOf: "null".utf8)
        case .erased: line.append(contentsOf: "\"erased\"".utf8)
        case .unreadable: line.append(contentsOf: "\"unreadable\"".utf8)
        case .known(let text): line.append(contentsOf: text)
        }
        let sealed = entry.personal.map { "\"\(Base64URL.encode($0))\"" } ?? "null"
        line.append(contentsOf: ",\"sealed\":\(sealed)}\n".utf8)
        return line
    }

    /// Reads what ``line`` wrote, and the leaf in it; nil for what is no such line. More than it needs may be in there:
    /// whoever wants to know writes it again.
    static func read(line: [UInt8]) -> (entry: ExportedEntry, leaf: LogHash)? {
        guard let value = try? JSONValue(parsing: line, within: .exportLine), let members = value["entry"],
            let leaf = value["leaf"]?.text.flatMap({ try? LogHash(base64: $0) }),
            let personal = value["personal"].flatMap(PersonalText.init),
            let sealed = value["sealed"].flatMap(OptionalBytes.init),
            let entry = RecordedEntry(members, personal: sealed.bytes)
        else { return nil }
        return (ExportedEntry(entry: entry, personal: personal), leaf)
    }
}

extension PersonalText {
    fileprivate init?(_ value: JSONValue) {
        switch value {
        case .null: self = .none
        case .string("erased"): self = .erased
        case .string("unreadable"): self = .unreadable
        case .object: self = .known(value.jsonText)
        default: return nil
        }
    }
}

/// Bytes as base64url, or null.
private struct OptionalBytes {
    let bytes: [UInt8]?

    init?(_ value: JSONValue) {
        switch value {
        case .null: bytes = nil
        case .string(let text):
            guard let decoded = try? Base64URL.decode(text) else { return nil }
            bytes = decoded
        default: return nil
        }
    }
}

extension RecordedEntry {
    /// - Parameter personal: the sealed part, of which the members have only the digest.
    fileprivate init?(_ members: JSONValue, personal: [UInt8]?) {
        guard let workspace = members["workspace"]?.text, let sequence = members["sequence"]?.int64,
            let version = members["version"]?.int64, let time = members["time"]?.int64,
            let actor = members["actor"]?.text, let action = members["action"]?.text,
            let record = members["record"]?.text, let agent = members["agent"]?.text,
            let outcome = members["outcome"]?.text, let request = members["request"]?.text,
            let detail = members["detail"]?.text, let commitment = members["personal"].flatMap(OptionalBytes.init)
        else { return nil }
        self.init(
            workspace: workspace, sequence: sequence, version: version, time: time, actor: actor, action: action,
            record: record, agent: agent, outcome: outcome, request: request, detail: detail,
            commitment: commitment.bytes, personal: personal)
    }
}

extension JSONValue {
    fileprivate var int64: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }
}

extension JSONValue.Limits {
    fileprivate static let exportLine = JSONValue.Limits(length: ExportRecords.limit, depth: 4)
}

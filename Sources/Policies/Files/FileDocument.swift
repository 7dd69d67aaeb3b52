import Configuration
import JOSE

/// A piece of a YAML file as JSON that remembers in which line each member stands.
struct FileDocument {
    let value: JSONValue
    private var lines: [String: Int]

    init(_ node: YAMLNode, file: String) throws(ConfigurationError) {
        var lines = ["": node.line]
        value = try Self.value(node, at: "", file, &lines)
        self.lines = lines
    }

    /// The line of a member such as `conditions.scope.amount.lessThan`; where it is missing, that of what it is missing
    /// from.
    func line(of field: String) -> Int? {
        var field = field[...]
        while true {
            if let line = lines[String(field)] { return line }
            guard let dot = field.lastIndex(of: ".") else { return lines[""] }
            field = field[..<dot]
        }
    }

    private static func value(
        _ node: YAMLNode, at path: String, _ file: String, _ lines: inout [String: Int]
    ) throws(ConfigurationError) -> JSONValue {
        switch node.content {
        case .scalar(let text, isPlain: false): return .string(text)
        case .scalar(let text, isPlain: true):
            if node.isEmpty { return .null }
            do throws(ValueFault) {
                return try PlainScalar.value(text)
            } catch {
                throw ConfigurationError(file: file, line: node.line, message: error.message)
            }
        case .sequence(let nodes):
            var elements: [JSONValue] = []
            for node in nodes { elements.append(try value(node, at: path, file, &lines)) }
            return .array(elements)
        case .mapping(let entries):
            var members: [JSONValue.Member] = []
            for entry in entries {
                let place = path.isEmpty ? entry.name : "\(path).\(entry.name)"
                lines[place] = lines[place] ?? entry.line
                lines[DocumentReader.camelCase(place)] = lines[place]
                members.append(.init(name: entry.name, value: try value(entry.value, at: place, file, &lines)))
            }
            return .object(members)
        }
    }
}

/// What an unquoted scalar of YAML means. Where YAML's versions disagree, the writer has to say.
enum PlainScalar {
    /// The words that one version of YAML reads as true or false and another as text.
    private static let doubtful: Set<String> = ["yes", "no", "on", "off", "true", "false"]

    static func value(_ text: String) throws(ValueFault) -> JSONValue {
        switch text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case _ where doubtful.contains(text.lowercased()):
            throw ValueFault(message: "\(text) may mean a text or true or false; write true, false or \"\(text)\"")
        default: break
        }
        guard let first = text.utf8.first, "0123456789+-.".utf8.contains(first) else { return .string(text) }
        do throws(JOSEError) {
            return try JSONValue(parsing: Array(text.utf8), isExact: true)
        } catch {
            if error.code == .inexactNumber {
                throw ValueFault(message: "\(text) has more digits than are kept; write fewer, or put it in quotes")
            }
        }
        if Double(text.replacing("_", with: "")) != nil {
            throw ValueFault(
                message: "\(text) may mean a text or a number; write it in decimal digits, or in quotes")
        }
        return .string(text)
    }
}

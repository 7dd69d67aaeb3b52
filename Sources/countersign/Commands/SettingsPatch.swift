import Workspaces

/// Collects the settings whose options were given.
struct SettingsPatch {
    private(set) var values: [String: SettingValue] = [:]

    mutating func add(text: String?, _ name: String) { values[name] = text.map { .text($0) } }
    mutating func add(number: Int?, _ name: String) { values[name] = number.map { .number($0) } }
    mutating func add(truth: Bool?, _ name: String) { values[name] = truth.map { .boolean($0) } }

    /// A text that may be absent: the empty one brings the default back.
    mutating func add(optionalText text: String?, _ name: String) {
        values[name] = text.map { $0.isEmpty ? .null : .text($0) }
    }

    /// Values with commas between them.
    mutating func add(list: String?, _ name: String) {
        values[name] = list.map { list in
            .list(list.split(separator: ",").map { $0.trimming(while: \.isWhitespace) })
        }
    }
}

/// Settings that stand together. Taking one makes its name known; `finish` then refuses the names that nobody took.
///
/// Each reader answers nil where the setting is absent and throws `ConfigurationError` where it is wrong; its
/// `required…` sibling throws where it is absent, too. A name without a value (`issuer:`) is wrong, except for a section.
public final class Section {
    let file: String
    /// The names from the root to here: `smtp`, or `providers[0]`; empty for the root.
    let path: String
    private let line: Int?
    private let entries: [YAMLNode.Entry]
    let credentials: CredentialFolder
    /// The names that were asked for, whether they stand here or not.
    public private(set) var known: [String] = []
    private var sections: [Section] = []

    init(
        file: String, line: Int?, path: String, entries: [YAMLNode.Entry], credentials: CredentialFolder = .ofProcess
    ) {
        self.file = file
        self.line = line
        self.path = path
        self.entries = entries
        self.credentials = credentials
    }

    /// The names in this section, in the order of the file: for one whose names are the writer's choice.
    public var names: [String] { entries.map(\.name) }

    /// Refuses settings that nobody has taken, here and in the sections that were taken from here. Call it on the root
    /// when all settings have been read.
    public func finish() throws(ConfigurationError) {
        try finishNames()
        for section in sections { try section.finish() }
    }

    /// Refuses settings of this section, and not of those inside, that nobody has taken: for a reader of some of a file.
    ///
    /// - Parameter others: names that other readers of the file take.
    public func finishNames(besides others: [String] = []) throws(ConfigurationError) {
        for name in others where !known.contains(name) { known.append(name) }
        for entry in entries where !known.contains(entry.name) { throw unknown(entry) }
    }

    /// An error about the setting `name`, at its line, for a check of the caller's own:
    /// `section.error("issuer", "must be an https URL")`. The message must not quote a secret.
    public func error(_ name: String, _ message: String) -> ConfigurationError {
        error(name, line: entries.first { $0.name == name }?.line ?? line, message)
    }

    func error(_ name: String, line: Int?, _ message: String) -> ConfigurationError {
        ConfigurationError(file: file, line: line, message: "\(fullName(name)) \(message)")
    }

    /// The value of a setting, whose name is known from now on.
    func value(_ name: String) -> YAMLNode? {
        if !known.contains(name) { known.append(name) }
        return entries.first { $0.name == name }?.value
    }

    /// Makes a value that is a mapping, or nothing, a section that `finish` will reach. Asked twice it is the same one,
    /// so that each of two readers may take some of its settings.
    func section(_ name: String, _ node: YAMLNode) throws(ConfigurationError) -> Section {
        let path = fullName(name)
        if let section = sections.first(where: { $0.path == path }) { return section }
        let entries: [YAMLNode.Entry]
        if case .mapping(let content) = node.content {
            entries = content
        } else if node.isEmpty {
            entries = []
        } else {
            throw wrong(name, node, "must be a section with settings of its own")
        }
        let section = Section(file: file, line: node.line, path: path, entries: entries, credentials: credentials)
        sections.append(section)
        return section
    }

    /// The value that the caller asked for, or an error that it is missing.
    func required<Value>(_ name: String, _ value: Value?) throws(ConfigurationError) -> Value {
        if let value { return value }
        let strangers = entries.filter { !known.contains($0.name) }
        let meant = Spelling.closest(to: name, among: strangers.map(\.name))
        let hint = strangers.first { $0.name == meant }.map { " (line \($0.line) has \(quoted($0.name)))" } ?? ""
        throw error(name, "is missing\(hint)")
    }

    /// An error about a value of the wrong kind. Never call it with the value of a secret that is a scalar.
    func wrong(_ name: String, _ node: YAMLNode, _ expectation: String) -> ConfigurationError {
        let found =
            switch node.content {
            case _ where node.isEmpty: "but it has no value"
            case .scalar(let text, isPlain: true): "not \(quoted(text))"
            case .scalar(let text, isPlain: false): "not the text \(quoted(text))"
            case .sequence: "not a list"
            case .mapping: "not a section"
            }
        return error(name, line: node.line, "\(expectation), \(found)")
    }

    private func fullName(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func unknown(_ entry: YAMLNode.Entry) -> ConfigurationError {
        let allowed = known.sorted()
        let list = allowed.isEmpty ? "nothing" : allowed.joined(separator: ", ")
        let meant = Spelling.closest(to: entry.name, among: allowed).map { " (did you mean \(quoted($0))?)" } ?? ""
        return ConfigurationError(
            file: file, line: entry.line,
            message: "unknown setting \(quoted(fullName(entry.name))); allowed here: \(list)\(meant)")
    }
}

import CYAML

/// The events of one YAML text, read by libyaml: the only code that talks to it.
///
/// Anchors, aliases, tags and directives are refused. Settings do not need them, and they make a short file large or
/// a value something else than it looks.
final class YAMLEvents {
    enum Event {
        case scalar(String, isPlain: Bool)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
        case documentStart
        case end
    }

    private let file: String
    private let text: UnsafeMutableBufferPointer<UInt8>
    // A pointer, because the parser holds one to itself.
    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)

    init(_ bytes: [UInt8], file: String) throws(ConfigurationError) {
        self.file = file
        text = .allocate(capacity: bytes.count)
        _ = text.initialize(from: bytes)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            throw ConfigurationError(file: file, line: nil, message: "cannot be read: out of memory")
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    /// The next event and its line. After `.end` there is none.
    func next() throws(ConfigurationError) -> (event: Event, line: Int) {
        while true {
            var raw = yaml_event_t()
            guard yaml_parser_parse(parser, &raw) == 1 else { throw syntaxError() }
            defer { yaml_event_delete(&raw) }
            let line = raw.start_mark.line + 1
            if let event = try event(raw, line: line) { return (event, line) }
        }
    }

    /// What an event of libyaml means to us; nil for one that means nothing.
    private func event(_ raw: yaml_event_t, line: Int) throws(ConfigurationError) -> Event? {
        switch raw.type {
        case YAML_SCALAR_EVENT:
            let scalar = raw.data.scalar
            try refuse(anchor: scalar.anchor, tag: scalar.tag, line: line)
            let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(String(decoding: value, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
        case YAML_SEQUENCE_START_EVENT:
            try refuse(anchor: raw.data.sequence_start.anchor, tag: raw.data.sequence_start.tag, line: line)
            return .sequenceStart
        case YAML_MAPPING_START_EVENT:
            try refuse(anchor: raw.data.mapping_start.anchor, tag: raw.data.mapping_start.tag, line: line)
            return .mappingStart
        case YAML_DOCUMENT_START_EVENT:
            let start = raw.data.document_start
            guard start.version_directive == nil, start.tag_directives.start == start.tag_directives.end else {
                throw error(line, "directives (%) are not allowed in this file")
            }
            return .documentStart
        case YAML_ALIAS_EVENT: throw error(line, "aliases (*) are not allowed in this file")
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_STREAM_END_EVENT: return .end
        default: return nil
        }
    }

    private func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, line: Int
    ) throws(ConfigurationError) {
        if anchor != nil { throw error(line, "anchors (&) are not allowed in this file") }
        if tag != nil { throw error(line, "tags (!) are not allowed in this file") }
    }

    private func error(_ line: Int, _ message: String) -> ConfigurationError {
        ConfigurationError(file: file, line: line, message: message)
    }
}

extension YAMLEvents {
    /// libyaml's own words. They describe the grammar and quote nothing of the file.
    private func syntaxError() -> ConfigurationError {
        let fault = parser.pointee
        let problem = fault.problem.map { String(cString: $0) } ?? "out of memory"
        guard fault.error != YAML_READER_ERROR else {
            // Of a byte that is no UTF-8 or a control character libyaml tells the offset only.
            let before = text.prefix(fault.problem_offset)
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            return error(line, "is not UTF-8 text: \(problem)")
        }
        let context = fault.context.map { " (\(String(cString: $0)) in line \(fault.context_mark.line + 1))" } ?? ""
        return error(fault.problem_mark.line + 1, "is not valid YAML: \(problem)\(context)")
    }
}

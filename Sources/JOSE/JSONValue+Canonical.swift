extension JSONValue {
    /// The value as canonical JSON text in UTF-8 (RFC 8785): the same bytes for every spelling of the same value, so
    /// that a digest of them stands for the value.
    ///
    /// - Throws: `JOSEError` with `inexactNumber` for a whole number that an IEEE 754 double cannot hold, or whose shortest
    ///   text is another's, both beyond ±2⁵³. RFC 8785 §3.1 does not allow one, because readers that round would take two
    ///   different values for the same.
    public func canonicalText() throws(JOSEError) -> [UInt8] { try inCanonicalOrder().jsonText }

    /// Whether the shortest digits that lead to a double are those of another whole number: 1234562345667890176 would be
    /// written as 1234562345667890200, which no double holds.
    private static func readsAsAnother(_ value: Double) -> Bool {
        Int64(exactly: value).map { NumberText(value).text != String($0) } ?? false
    }

    /// The same value with the members of every object in the order of their names' UTF-16 code units (§3.2.3).
    private func inCanonicalOrder() throws(JOSEError) -> JSONValue {
        switch self {
        case .null, .boolean, .string: return self
        case .integer(let value):
            guard let double = Double(exactly: value), !Self.readsAsAnother(double) else {
                throw JOSEError(.inexactNumber)
            }
            return .number(double)
        case .number(let value):
            guard value.isFinite, !Self.readsAsAnother(value) else { throw JOSEError(.inexactNumber) }
            return self
        case .array(let elements):
            var ordered: [JSONValue] = []
            for element in elements { ordered.append(try element.inCanonicalOrder()) }
            return .array(ordered)
        case .object(let members):
            var ordered: [Member] = []
            for member in members {
                ordered.append(Member(name: member.name, value: try member.value.inCanonicalOrder()))
            }
            return .object(ordered.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) })
        }
    }
}

extension Section {
    /// As `string`, and its absence is an error.
    public func requiredString(_ name: String) throws(ConfigurationError) -> String {
        try required(name, try string(name))
    }

    /// As `integer`, and its absence is an error.
    public func requiredInteger(_ name: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        try required(name, try integer(name, in: range))
    }

    /// As `boolean`, and its absence is an error.
    public func requiredBoolean(_ name: String) throws(ConfigurationError) -> Bool {
        try required(name, try boolean(name))
    }

    /// As `choice`, and its absence is an error.
    public func requiredChoice(_ name: String, of words: [String]) throws(ConfigurationError) -> String {
        try required(name, try choice(name, of: words))
    }

    /// As `choice`, and its absence is an error.
    public func requiredChoice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String, of type: Choice.Type
    ) throws(ConfigurationError) -> Choice {
        try required(name, try choice(name, of: type))
    }

    /// As `strings`, and its absence is an error.
    public func requiredStrings(_ name: String) throws(ConfigurationError) -> [String] {
        try required(name, try strings(name))
    }

    /// As `secret`, and its absence is an error.
    public func requiredSecret(_ name: String) throws(ConfigurationError) -> SecretText {
        try required(name, try secret(name))
    }

    /// As `section`, and its absence is an error.
    public func requiredSection(_ name: String) throws(ConfigurationError) -> Section {
        try required(name, try section(name))
    }

    /// As `sections`, and its absence is an error.
    public func requiredSections(_ name: String) throws(ConfigurationError) -> [Section] {
        try required(name, try sections(name))
    }
}

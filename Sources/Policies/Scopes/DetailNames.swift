import JOSE

/// The names under which a use may state what `allowed_xs` is about: `x`, and `xs` for several at once.
struct DetailNames: Sendable, Equatable {
    /// `recipients` for `allowed_recipients`.
    private let plural: String
    /// `recipient`. English has several: for `addresses` both `addresse` and `address`, for `categories` also `category`.
    private let singulars: [String]

    init(plural: String) {
        self.plural = plural
        var singulars: [String] = []
        if plural.hasSuffix("s") { singulars.append(String(plural.dropLast())) }
        if plural.hasSuffix("es") { singulars.append(String(plural.dropLast(2))) }
        if plural.hasSuffix("ies") { singulars.append(plural.dropLast(3) + "y") }
        self.singulars = singulars.filter { !$0.isEmpty }
    }

    /// The name that a message uses.
    var usual: String { singulars.first ?? plural }

    /// All of them.
    var all: [String] { [plural] + singulars }

    /// All that the details state under these names. A number under the plural says how many there are, not which.
    func stated(in details: JSONValue) -> [JSONValue.Member] {
        all.compactMap { name in
            guard let value = details[name] else { return nil }
            let isCount = name == plural && !singulars.isEmpty && ExactNumber(value) != nil
            return isCount ? nil : JSONValue.Member(name: name, value: value)
        }
    }
}

/// The names under which a use may state what `allowed_xs` is about: `x`, and `xs` for several at once.
struct DetailNames: Sendable, Equatable {
    /// `recipients` for `allowed_recipients`: a list of values, or one.
    let plural: String
    /// `recipient`. English has several: for `addresses` both `addresse` and `address`, for `categories` also `category`.
    let singulars: [String]

    init(plural: String) {
        self.plural = plural
        var singulars: [String] = []
        if plural.hasSuffix("ies") { singulars.append(plural.dropLast(3) + "y") }
        if plural.hasSuffix("es") { singulars.append(String(plural.dropLast(2))) }
        if plural.hasSuffix("s") { singulars.append(String(plural.dropLast())) }
        self.singulars = singulars.filter { !$0.isEmpty }
    }

    /// All of them, the plural first.
    var all: [String] { [plural] + singulars }
}

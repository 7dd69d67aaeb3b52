/// The values that a path gave to the parameters of a route's pattern.
public struct RouteParameters: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    // A route has few parameters: a scan is cheaper than a dictionary.
    private var pairs: [(name: String, value: String)] = []

    /// No parameters.
    public init() {}

    /// The parameters of a literal.
    public init(dictionaryLiteral elements: (String, String)...) {
        pairs = elements.map { (name: $0.0, value: $0.1) }
    }

    init(names: [String], values: [String]) {
        pairs = zip(names, values).map { (name: $0, value: $1) }
    }

    /// The value of the parameter with this name, percent-decoded.
    public subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// Whether both give the same values to the same names, in the same order.
    public static func == (left: RouteParameters, right: RouteParameters) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0 == $1 }
    }
}

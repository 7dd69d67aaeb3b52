/// An input that did what no input may do.
struct BrokenPromise: Error, CustomStringConvertible {
    let description: String
}

/// - Throws: `BrokenPromise` where it does not hold.
func promise(_ holds: Bool, _ words: @autoclosure () -> String) throws(BrokenPromise) {
    guard holds else { throw BrokenPromise(description: words()) }
}

import Policies

/// Which part of a list somebody wants.
public struct PageWish: Equatable, Sendable {
    public static let limits = 1...100
    public static let usualLimit = 20
    /// Pages are counted from 1.
    public let page: Int
    public let limit: Int

    public static let first = PageWish()

    private init() {
        page = 1
        limit = Self.usualLimit
    }

    /// Throws `invalidFields` for a page below 1 or a limit outside 1…100.
    public init(page: Int = 1, limit: Int = usualLimit) throws(PermissionError) {
        var faults: [PolicyError.Fault] = []
        if !(1...1_000_000).contains(page) { faults.append(.init(field: "page", message: "must be 1 or more")) }
        if !Self.limits.contains(limit) {
            let (least, most) = (Self.limits.lowerBound, Self.limits.upperBound)
            faults.append(.init(field: "limit", message: "must be \(least) to \(most)"))
        }
        guard faults.isEmpty else { throw .invalidFields(faults) }
        self.page = page
        self.limit = limit
    }

    /// How many come in front of the page.
    public var offset: Int { (page - 1) * limit }
}

/// A part of a list, and how long the whole is.
public struct Page<Item: Sendable>: Sendable {
    public let items: [Item]
    public let total: Int
    public let page: Int
    public let limit: Int

    public init(items: [Item], total: Int, wish: PageWish) {
        self.items = items
        self.total = total
        page = wish.page
        limit = wish.limit
    }

    /// Pages in all.
    public var totalPages: Int { (total + limit - 1) / limit }
}

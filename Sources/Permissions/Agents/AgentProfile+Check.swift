import Encodings
import Policies
import Workspaces

extension AgentProfile {
    /// Characters.
    public static let nameLength = 1...255
    /// Characters.
    public static let descriptionLimit = 1_000
    /// Bytes of JSON.
    static let metadataLimit = 16 * 1024
    /// Requests a minute.
    public static let rateLimits = 1...1_000_000

    /// Throws `invalidFields` with everything that is out of range.
    func check() throws(PermissionError) {
        var faults: [PolicyError.Fault] = []
        func require(_ holds: Bool, _ field: String, _ message: String) {
            if !holds { faults.append(.init(field: field, message: message)) }
        }
        require(
            Self.nameLength.contains(name.count) && VisibleText.isOneLine(name), "name",
            "must have \(Self.nameLength.lowerBound) to \(Self.nameLength.upperBound) characters on one line")
        require(
            description.count <= Self.descriptionLimit && VisibleText.isStorable(description), "description",
            "must have at most \(Self.descriptionLimit) characters")
        require(
            metadata.members != nil && metadata.jsonText.count <= Self.metadataLimit, "metadata",
            "must be an object of at most \(Self.metadataLimit) bytes")
        require(
            allowedAddresses.ranges.count <= AddressList.limit, "allowedAddresses",
            "must be at most \(AddressList.limit) addresses or networks")
        require(
            Self.rateLimits.contains(rateLimit), "rateLimit",
            "must be \(Self.rateLimits.lowerBound) to \(Self.rateLimits.upperBound) requests a minute")
        guard faults.isEmpty else { throw .invalidFields(faults) }
    }
}

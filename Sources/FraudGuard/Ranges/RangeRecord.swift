#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What is remembered of a range, in 32 bytes: codes that were not verified, and codes that were, each in a short and in
/// a long window. Windows slide by decay: what is as old as the window counts for 37 %.
struct RangeRecord {
    /// Seconds.
    static let hour: Float = 3_600
    /// Three days: long enough to know what is usual, short enough that a weekend does not look like a fraud.
    static let days: Float = 259_200

    /// 0 for a free place.
    var key: UInt64 = 0
    var unverifiedInHour: Float = 0
    var verifiedInHour: Float = 0
    var unverifiedInDays: Float = 0
    var verifiedInDays: Float = 0
    /// When it decayed last, in Unix seconds.
    private var updated: UInt32 = 0

    init() {}

    init(key: UInt64, now: Int64) {
        self.key = key
        updated = Self.seconds(now)
    }

    /// How much would be lost with it.
    var weight: Float { unverifiedInDays + verifiedInDays }

    /// Lets time pass. A clock that went back changes nothing.
    mutating func decay(to now: Int64) {
        let seconds = Self.seconds(now)
        guard seconds > updated else { return }
        let age = Float(seconds - updated)
        updated = seconds
        let (short, long) = (exp(-age / Self.hour), exp(-age / Self.days))
        unverifiedInHour *= short
        verifiedInHour *= short
        unverifiedInDays *= long
        verifiedInDays *= long
    }

    mutating func addUnverified(_ count: Float, age: Float = 0) {
        unverifiedInHour += count * exp(-age / Self.hour)
        unverifiedInDays += count * exp(-age / Self.days)
    }

    mutating func addVerified(_ count: Float, age: Float = 0) {
        verifiedInHour += count * exp(-age / Self.hour)
        verifiedInDays += count * exp(-age / Self.days)
    }

    /// Takes back codes that were counted as unverified `age` seconds ago.
    mutating func takeUnverified(_ count: Float, age: Float) {
        unverifiedInHour = max(0, unverifiedInHour - count * exp(-age / Self.hour))
        unverifiedInDays = max(0, unverifiedInDays - count * exp(-age / Self.days))
    }

    private static func seconds(_ milliseconds: Int64) -> UInt32 { UInt32(clamping: milliseconds / 1000) }
}

import Foundation

/// A time zone of the IANA database, such as `Europe/Berlin`.
struct TimeZoneName: Sendable, Hashable {
    /// Its name.
    let name: String
    private let zone: TimeZone

    /// Universal time.
    static let utc = TimeZoneName(name: "UTC", zone: .gmt)

    private init(name: String, zone: TimeZone) {
        self.name = name
        self.zone = zone
    }

    /// The zone of that name, or nil where the database has none. Abbreviations such as `CET` and offsets are none: they
    /// do not say when clocks change.
    init?(_ name: String) {
        if name == "UTC" {
            self = .utc
            return
        }
        guard name.contains("/"), let zone = TimeZone(identifier: name) else { return nil }
        self.init(name: name, zone: zone)
    }

    /// The hour, 0 to 23, and the day, 0 for Monday to 6 for Sunday, that clocks and calendars of the zone show.
    func reading(at milliseconds: Int64) -> (hour: Int, weekday: Int) {
        let time = Double(milliseconds) / 1000
        let seconds = Int(time.rounded(.down)) + zone.secondsFromGMT(for: Date(timeIntervalSince1970: time))
        let day = seconds.quotientRoundedDown(by: 86_400)
        // 1 January 1970 was a Thursday.
        return ((seconds - day * 86_400) / 3_600, (day + 3) - (day + 3).quotientRoundedDown(by: 7) * 7)
    }
}

extension Int {
    fileprivate func quotientRoundedDown(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

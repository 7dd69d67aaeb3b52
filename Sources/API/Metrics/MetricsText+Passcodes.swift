import FraudGuard
import Passcodes

extension MetricsText {
    /// Series of stopped ranges, at most: which ranges there are, whoever floods them chooses.
    private static let stopLimit = 50

    /// Adds figures of live passcodes: for each channel, country and provider by itself.
    mutating func add(_ totals: PasscodeTotals) {
        let metrics: [(StatisticsDimension, name: String, help: String)] = [
            (.channel, "countersign_passcodes_total", "Live passcodes and their messages, by channel."),
            (.country, "countersign_country_passcodes_total", "The same to phone numbers, by country."),
            (.provider, "countersign_provider_passcodes_total", "The same by who was to bring the message."),
        ]
        for (dimension, name, help) in metrics {
            begin(name, .counter, help)
            for (value, figures) in totals.figures(dimension) {
                for (state, count) in Self.states(figures) {
                    sample(name, [(dimension.rawValue, value), ("state", state)], count)
                }
            }
        }
        let time = "countersign_passcode_verification_seconds"
        begin(time, .histogram, "Time from the last message to the right code, by channel.")
        for (channel, figures) in totals.figures(.channel) {
            histogram(
                time, [("channel", channel)], bounds: PasscodeFigures.bounds.map(Double.init), counts: figures.times,
                sum: totals.secondsToVerify(channel: channel))
        }
    }

    private static func states(_ figures: PasscodeFigures) -> [(String, Int)] {
        [
            ("sent", figures.sent), ("accepted", figures.accepted), ("delivered", figures.delivered),
            ("failed", figures.failed), ("verified", figures.verified),
        ]
    }

    /// Adds what became of verification tokens, users and sessions of live keys.
    mutating func add(_ users: UserCounters) {
        let tokens = "countersign_verification_tokens_total"
        begin(tokens, .counter, "Uses of verification tokens: done, or refused and not possible.")
        for use in VerificationTokens.Use.allCases {
            sample(tokens, [("use", use.rawValue), ("result", "done")], users[.used(use)])
            sample(tokens, [("use", use.rawValue), ("result", "failed")], users[.failed(use)])
        }
        begin("countersign_users_total", .counter, "Contacts that became users, by a sign-up or a login.")
        sample("countersign_users_total", [], users[.userMade])
        let sessions = "countersign_sessions_total"
        begin(sessions, .counter, "Sessions: opened, ended before their time, put out by newer ones.")
        sample(sessions, [("state", "opened")], users[.sessionOpened])
        sample(sessions, [("state", "ended")], users[.sessionEnded])
        sample(sessions, [("state", "evicted")], users[.sessionEvicted])
    }

    /// Adds what the fraud guard said, and what goes on in the ranges that it has stopped.
    mutating func add(_ watch: SendWatch, now: Int64) {
        let sends = "countersign_guard_sends_total"
        begin(sends, .counter, "Messages to numbers by what the fraud guard said.")
        for (ruling, count) in watch.counters.rulings { sample(sends, [("ruling", ruling.rawValue)], count) }
        let verified = "countersign_guard_verified_while_stopped_total"
        begin(verified, .counter, "Verified codes of messages that went out although their range was stopped.")
        sample(verified, [], watch.counters.verifiedWhileStopped)
        begin("countersign_guard_stops", .gauge, "Ranges that the fraud guard has stopped.")
        sample("countersign_guard_stops", [], watch.stopCount)
        add(watch.stoppedTraffic(atMost: Self.stopLimit, now: now))
    }

    private mutating func add(_ stopped: [StoppedTraffic]) {
        func labels(_ traffic: StoppedTraffic) -> [(String, String)] {
            [("kind", traffic.range.kind.rawValue), ("range", traffic.range.name)]
        }
        let refused = "countersign_guard_stop_refused"
        begin(refused, .gauge, "Sends that a stop has refused, or would have. Prefixes and countries.")
        for traffic in stopped { sample(refused, labels(traffic), traffic.refused) }
        let codes = "countersign_guard_stop_codes"
        begin(codes, .gauge, "Codes of about the last hour in a stopped range.")
        for traffic in stopped {
            sample(codes, labels(traffic) + [("state", "unverified")], traffic.unverified)
            sample(codes, labels(traffic) + [("state", "verified")], traffic.verified)
        }
    }
}

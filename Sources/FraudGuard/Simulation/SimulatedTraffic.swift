/// A wish to have a code sent, and what comes of it if it is.
struct SimulatedSend {
    /// Seconds since the simulation began.
    var time: Double
    var traits: SendTraits
    var isFlood: Bool
    /// Seconds until the code is verified; nil where it never is.
    var verifiedAfter: Double?
}

/// Makes the traffic of some days of learning, which are ordinary, and of one day of a shape.
struct SimulatedTraffic {
    static let day = 86_400.0

    /// Codes that people ask for on an ordinary day.
    let sendsADay: Int
    /// Ordinary days before.
    let learningDays: Int

    /// In the order of their times.
    func sends(_ shape: TrafficShape, seed: UInt64) -> [SimulatedSend] {
        var random = SeededRandom(seed: seed)
        let population = Population(random: &random)
        var sends: [SimulatedSend] = []
        for day in 0...learningDays {
            let begin = Double(day) * Self.day
            addPeople(sendsADay, from: begin, lasting: Self.day, population, &random, to: &sends)
        }
        let begin = Double(learningDays) * Self.day
        if shape == .launchPeak {
            addPeople(sendsADay * 10 / 12, from: begin + 64_800, lasting: 7_200, population, &random, to: &sends)
        }
        if let flood = shape.flood { add(flood, from: begin, &random, to: &sends) }
        return sends.sorted { $0.time < $1.time }
    }

    private func addPeople(
        _ count: Int, from begin: Double, lasting length: Double, _ population: Population,
        _ random: inout SeededRandom, to sends: inout [SimulatedSend]
    ) {
        var made = 0
        while made < count {
            let country = population.country(&random)
            let time = begin + random.unit() * length
            let hour = time.truncatingRemainder(dividingBy: Self.day) / 3_600
            guard random.unit() < Population.activity(country, hour: hour) else { continue }
            made += 1
            addPerson(at: time, country, &random, to: &sends)
        }
    }

    /// Who does not type the first code asks for another one in half of all cases, and types that in half of those.
    private func addPerson(
        at time: Double, _ country: Population.Country, _ random: inout SeededRandom, to sends: inout [SimulatedSend]
    ) {
        let traits = SendTraits(
            prefix: Population.range(country, &random), country: country.name, network: nil, application: "Shop")
        let isVerified = random.unit() < country.verified
        sends.append(
            SimulatedSend(
                time: time, traits: traits, isFlood: false, verifiedAfter: isVerified ? delay(&random) : nil))
        guard !isVerified, random.unit() < 0.5 else { return }
        sends.append(
            SimulatedSend(
                time: time + 60 + random.wait(60), traits: traits, isFlood: false,
                verifiedAfter: random.unit() < 0.5 ? delay(&random) : nil))
    }

    private func add(
        _ flood: Flood, from begin: Double, _ random: inout SeededRandom, to sends: inout [SimulatedSend]
    ) {
        for _ in 0..<Int(flood.sendsAnHour * flood.hours) {
            let country = flood.countries[Int(random.unit() * Double(flood.countries.count))]
            let traits = SendTraits(
                prefix: "\(country)-\(Int(random.unit() * Double(flood.rangesEach)))", country: country, network: nil,
                application: "Shop")
            sends.append(
                SimulatedSend(
                    time: begin + (flood.firstHour + random.unit() * flood.hours) * 3_600, traits: traits,
                    isFlood: true, verifiedAfter: random.unit() < flood.verified ? delay(&random) : nil))
        }
    }

    /// Ten seconds for the message and the eyes, and half a minute on average for the rest; a code lives ten minutes.
    private func delay(_ random: inout SeededRandom) -> Double { min(600, 10 + random.wait(30)) }
}

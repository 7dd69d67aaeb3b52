extension Language {
    /// The language that most readers in a country expect of a message, where it is one of ours; nil elsewhere.
    /// - Parameter region: ISO 3166-1 alpha-2 such as `DE`.
    public init?(region: String) {
        guard let language = Self.byRegion[region.uppercased()] else { return nil }
        self = language
    }

    private static let byRegion: [String: Language] = {
        var languages: [String: Language] = [:]
        for (language, regions) in regions {
            for region in regions.split(separator: " ") { languages[String(region)] = language }
        }
        return languages
    }()

    /// Countries with several official languages stand where the largest of them is ours.
    private static let regions: [(Language, String)] = [
        (.german, "DE AT CH LI"),
        (.spanish, "ES MX AR CO CL PE VE EC GT CU BO DO HN PY SV NI CR PA UY PR GQ"),
        (.french, "FR LU MC SN CI ML BF NE TG BJ GA CG CD CM GN TD CF DJ KM MG HT GP MQ GF RE YT NC PF PM WF BL MF"),
        (.portuguese, "PT BR AO MZ CV GW ST TL"),
        (.italian, "IT SM VA"),
        (.dutch, "NL BE SR AW CW SX BQ"),
        (.polish, "PL"),
        (.turkish, "TR"),
        (.russian, "RU BY KZ KG"),
        (.arabic, "SA AE EG IQ JO KW LB LY MA OM QA SD SY TN YE BH DZ MR PS EH"),
        (.hindi, "IN"),
        (.indonesian, "ID"),
        (.japanese, "JP"),
        (.korean, "KR KP"),
        (.chinese, "CN TW HK MO"),
    ]
}

/// How a language counts the minutes that a code is valid: 1 to 10 (NIST SP 800-63B allows no more). `#` stands for the
/// number.
struct MinutePhrase: Sendable {
    let one: String
    let two: String
    /// Three and four.
    let few: String
    let many: String

    init(one: String, two: String? = nil, few: String? = nil, many: String) {
        self.one = one
        self.two = two ?? few ?? many
        self.few = few ?? many
        self.many = many
    }

    func text(_ minutes: Int) -> String {
        let form =
            switch minutes {
            case 1: one
            case 2: two
            case 3, 4: few
            default: many
            }
        return form.replacing("#", with: String(minutes))
    }
}

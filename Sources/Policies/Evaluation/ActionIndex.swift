/// Finds the rules that may match an action without looking at all of them.
///
/// A rule with `action equals`, `in` or `startsWith` is found under that; all others stand in a list of the rest. The
/// order in which rules decide is kept.
struct ActionIndex: Sendable {
    /// The rules of one or more beginnings.
    private struct Beginning: Sendable {
        let text: String
        /// The next shorter beginning that this one begins with.
        let parent: Int?
        /// The rules of this beginning and of all shorter ones that it begins with, in order.
        let rules: [Int]
    }

    private var exact: [String: [Int]] = [:]
    /// In the order of their bytes.
    private let beginnings: [Beginning]
    private var rest: [Int] = []

    /// An index of rules in the order in which they decide.
    init(_ policies: [Policy]) {
        var starts: [String: [Int]] = [:]
        for (place, policy) in policies.enumerated() {
            switch policy.actions {
            case .these(let names): for name in Set(names) { exact[name, default: []].append(place) }
            case .beginning(let text): starts[text, default: []].append(place)
            case .any: rest.append(place)
            }
        }
        var beginnings: [Beginning] = []
        for (text, rules) in starts.sorted(by: { $0.key < $1.key }) {
            var parent = beginnings.indices.last
            while let place = parent, !text.hasPrefix(beginnings[place].text) { parent = beginnings[place].parent }
            let inherited = parent.map { beginnings[$0].rules } ?? []
            beginnings.append(Beginning(text: text, parent: parent, rules: (inherited + rules).sorted()))
        }
        self.beginnings = beginnings
    }

    /// The places of the rules that may match, in order.
    func candidates(for action: String) -> Candidates {
        Candidates(exact[action] ?? [], rulesOfBeginnings(of: action), rest)
    }

    /// The last beginning that is not after the action in order of bytes is the longest that it begins with, or has that
    /// one among its parents.
    private func rulesOfBeginnings(of action: String) -> [Int] {
        var low = 0
        var high = beginnings.count
        while low < high {
            let middle = (low + high) / 2
            if beginnings[middle].text <= action { low = middle + 1 } else { high = middle }
        }
        var place = low > 0 ? low - 1 : nil
        while let found = place {
            if action.hasPrefix(beginnings[found].text) { return beginnings[found].rules }
            place = beginnings[found].parent
        }
        return []
    }

    /// Three ordered lists as one.
    struct Candidates: Sequence, IteratorProtocol {
        private var first: ArraySlice<Int>
        private var second: ArraySlice<Int>
        private var third: ArraySlice<Int>

        init(_ first: [Int], _ second: [Int], _ third: [Int]) {
            self.first = first[...]
            self.second = second[...]
            self.third = third[...]
        }

        mutating func next() -> Int? {
            let one = first.first ?? .max
            let two = second.first ?? .max
            let three = third.first ?? .max
            if one < two { return one < three ? first.popFirst() : third.popFirst() }
            return two < three ? second.popFirst() : third.popFirst()
        }
    }
}

extension Policy {
    /// The actions that a rule can match, as far as one condition tells.
    fileprivate enum Actions {
        case these([String])
        case beginning(String)
        case any
    }

    fileprivate var actions: Actions {
        var actions = Actions.any
        for condition in conditions where condition.path == .action {
            switch condition.test {
            case .equals(let name): return .these([name.text ?? ""])
            case .isIn(let names): return .these(names.compactMap(\.text))
            case .startsWith(let text): actions = .beginning(text)
            default: continue
            }
        }
        return actions
    }
}

extension Wording {
    static let german = Wording(
        minutes: MinutePhrase(one: "# Minute", many: "# Minuten"),
        short: [
            "{{code}} ist Ihr Code für {{app}}, gültig {{validity}}. Nie weitergeben. Nicht angefordert? Ignorieren.",
            "{{code}} ist Ihr Code für {{app}}, gültig {{validity}}. Nie weitergeben.",
            "{{code}} ist Ihr Code für {{app}}.",
        ],
        voice: "Guten Tag. Ihr Code für {{app}} lautet: {{code}}.",
        voiceAgain: "Noch einmal, Ihr Code lautet: {{code}}. Geben Sie ihn nie weiter. Auf Wiederhören.",
        mail: MailWording(
            subject: "Ihr Code für {{app}}", subjectWithCode: "{{code}} ist Ihr Code für {{app}}",
            heading: "Ihr Code für {{app}}:", link: "Oder öffnen Sie diesen Link",
            advice: [
                "Er ist {{validity}} gültig. Geben Sie ihn nie weiter.",
                "Wenn Sie keinen Code angefordert haben, können Sie diese Nachricht ignorieren.",
            ]))
}

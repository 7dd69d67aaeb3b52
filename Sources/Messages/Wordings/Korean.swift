extension Wording {
    static let korean = Wording(
        minutes: MinutePhrase(one: "#분", many: "#분"),
        short: [
            "[{{app}}] 인증번호 {{code}} ({{validity}}간 유효). 타인에게 알려주지 마세요.",
            "[{{app}}] 인증번호 {{code}} (타인 공유 금지)",
            "[{{app}}] 인증번호 {{code}}",
        ],
        voice: "안녕하세요. {{app}} 인증번호는 {{code}} 입니다.",
        voiceAgain: "다시 한 번 말씀드립니다. 인증번호는 {{code}} 입니다. 타인에게 알려주지 마세요. 감사합니다.",
        mail: MailWording(
            subject: "{{app}} 인증번호", subjectWithCode: "{{code}} – {{app}} 인증번호",
            heading: "{{app}} 인증번호:", link: "또는 이 링크를 여세요",
            advice: [
                "{{validity}} 동안 유효합니다. 누구에게도 알려주지 마세요.",
                "요청하지 않으셨다면 이 메시지를 무시하세요.",
            ]))
}

//! The closed lists of a solution.

use crate::domain::kinds::kinds;

kinds! {
    /// Where the work itself stands; failed and stopped work is welcome.
    SolutionStatus {
        Idea = "idea", "Idee", "Idea";
        Planned = "planned", "geplant", "Planned";
        Running = "running", "läuft", "Running";
        Ended = "ended", "beendet", "Ended";
        Permanent = "permanent", "dauerhaft", "Permanent";
        Stopped = "stopped", "abgebrochen", "Stopped";
    }
}

kinds! {
    /// How well the result is known.
    EvidenceLevel {
        SelfReport = "self_report", "eigene Einschätzung", "Self report";
        OutputCounts = "output_counts", "gezählte Leistungen", "Output counts";
        BeforeAfter = "before_after", "Vorher-Nachher-Vergleich", "Before and after";
        Comparison = "comparison", "Vergleich mit anderen", "Comparison";
        ExternalEvaluation = "external_evaluation", "externe Evaluation", "External evaluation";
    }
}

kinds! {
    /// How far the content was checked, apart from its state.
    QualityLevel {
        SelfDeclared = "self_declared", "selbst angegeben", "Self declared";
        Checked = "checked", "geprüft", "Checked";
        ExpertValidated = "expert_validated", "fachlich bestätigt", "Validated by experts";
        Replicated = "replicated", "andernorts bewährt", "Replicated";
    }
}

kinds! {
    /// By what means a solution works.
    Instrument {
        Infrastructure = "infrastructure", "Infrastruktur", "Infrastructure";
        Service = "service", "Dienstleistung", "Service";
        Event = "event", "Veranstaltung", "Event";
        Survey = "survey", "Befragung", "Survey";
        Governance = "governance", "Steuerung", "Governance";
        GrantFund = "grant_fund", "Förderfonds", "Grant fund";
        App = "app", "App", "App";
        Training = "training", "Qualifizierung", "Training";
        Network = "network", "Netzwerk", "Network";
        Plan = "plan", "Konzept", "Plan";
    }
}

kinds! {
    /// What it takes to start: under 5,000 euros, more, or far more.
    EffortBand {
        Low = "low", "gering (unter 5.000 €)", "Low (under 5,000 €)";
        Medium = "medium", "mittel", "Medium";
        High = "high", "hoch", "High";
    }
}

kinds! {
    /// How far citizens take part.
    ParticipationLevel {
        Information = "information", "Information", "Information";
        Consultation = "consultation", "Konsultation", "Consultation";
        CoDecision = "co_decision", "Mitentscheidung", "Co-decision";
        SelfOrganisation = "self_organisation", "Selbstorganisation", "Self-organisation";
    }
}

kinds! {
    /// What a partner does in a solution.
    PartnerRole {
        Owner = "owner", "Träger", "Owner";
        Partner = "partner", "Partner", "Partner";
        Funder = "funder", "Förderer", "Funder";
        Evaluator = "evaluator", "Evaluation", "Evaluator";
    }
}

kinds! {
    /// Who pays.
    FundingLevel {
        Eu = "eu", "EU", "EU";
        Federal = "federal", "Bund", "Federal";
        Land = "land", "Land", "State";
        Foundation = "foundation", "Stiftung", "Foundation";
        Own = "own", "Eigenmittel", "Own means";
    }
}

using System.Text.Json;

namespace Engine.Tests.Optimizers;

/// <summary>A golden case's rule, and how closely it is followed.</summary>
public sealed record GoldenRule(RuleCase Rule, bool Maximize = false, double Tolerance = 1e-10, double FloatTolerance = 2e-5)
{
    public override string ToString() => Rule.Name;
}

/// <summary>
/// Which of our rules, with which properties, a golden case is: the one place where names and options of other libraries are translated.
/// </summary>
internal static class GoldenRules
{
    /// <summary>The rule, or null where the case is not of an elementwise rule of ours (docs/golden.md says why).</summary>
    public static GoldenRule? Map(string file, JsonElement json)
    {
        string name = json.GetProperty("optimizer").GetString()!;
        if (json.TryGetProperty("groups", out _) || json.TryGetProperty("objective", out _))
        {
            return null;
        }
        Values h = new(json);
        return file switch
        {
            "optimizers.json" => PyTorch(name, h),
            "optax.json" => Optax(name, h),
            _ => Modern(name, h, json),
        };
    }

    private static GoldenRule? PyTorch(string name, Values h)
    {
        double η = h["lr"], λ = h["weight_decay", 0];
        WeightDecay decay = λ == 0 ? WeightDecay.None : h.Flag("decoupled_weight_decay") || name == "AdamW" ? WeightDecay.Decoupled(λ)
            : WeightDecay.L2(λ);
        double β1 = h["betas", 0, 0.9], β2 = h["betas", 1, 0.999], ε = h["eps", 1e-8], μ = h["momentum", 0];
        RuleCase? rule = name switch
        {
            "SGD" when h.Flag("nesterov") => RuleCase.Of(new Nesterov { LearningRate = η, Momentum = μ, WeightDecay = decay }),
            "SGD" when μ != 0 =>
                RuleCase.Of(new Momentum { LearningRate = η, Coefficient = μ, Dampening = h["dampening", 0], WeightDecay = decay }),
            "SGD" => RuleCase.Of(new Sgd { LearningRate = η, WeightDecay = decay }),
            "Adam" or "AdamW" when h.Flag("amsgrad") =>
                RuleCase.Of(new AmsGrad { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, WeightDecay = decay }),
            "Adam" => RuleCase.Of(new Adam { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, WeightDecay = decay }),
            "AdamW" => RuleCase.Of(new AdamW { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, WeightDecay = decay }),
            "Adamax" => RuleCase.Of(new Adamax { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, WeightDecay = decay }),
            "NAdam" =>
                RuleCase.Of(
                    new NAdam
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, MomentumDecay = h["momentum_decay", 4e-3],
                        WeightDecay = decay
                    }),
            "RAdam" => RuleCase.Of(new RAdam { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, WeightDecay = decay }),
            "Adagrad" =>
                RuleCase.Of(
                    new Adagrad
                    {
                        LearningRate = η, LearningRateDecay = h["lr_decay", 0], Epsilon = h["eps", 1e-10],
                        InitialAccumulator = h["initial_accumulator_value", 0], WeightDecay = decay
                    }),
            "Adadelta" =>
                RuleCase.Of(new Adadelta { LearningRate = η, Rho = h["rho", 0.9], Epsilon = h["eps", 1e-6], WeightDecay = decay }),
            "RMSprop" when h.Flag("centered") =>
                RuleCase.Of(
                    new CenteredRmsProp { LearningRate = η, Alpha = h["alpha", 0.99], Epsilon = ε, Momentum = μ, WeightDecay = decay }),
            "RMSprop" when μ != 0 =>
                RuleCase.Of(
                    new RmsPropMomentum { LearningRate = η, Alpha = h["alpha", 0.99], Epsilon = ε, Momentum = μ, WeightDecay = decay }),
            "RMSprop" => RuleCase.Of(new RmsProp { LearningRate = η, Alpha = h["alpha", 0.99], Epsilon = ε, WeightDecay = decay }),
            "Rprop" =>
                RuleCase.Of(
                    new Rprop
                    {
                        LearningRate = η, EtaMinus = h["etas", 0, 0.5], EtaPlus = h["etas", 1, 1.2],
                        MinStepSize = h["step_sizes", 0, 1e-6], MaxStepSize = h["step_sizes", 1, 50]
                    }),
            "ASGD" =>
                RuleCase.Of(
                    new Asgd
                    {
                        LearningRate = η, Lambda = h["lambd", 1e-4], Power = h["alpha", 0.75], AveragingStart = h["t0", 1e6],
                        WeightDecay = decay
                    }),
            _ => null,
        };
        // PyTorch keeps NAdam's product of μ and ASGD's rates as float32 numbers, 10⁻⁸ off
        double tolerance = name is "NAdam" or "ASGD" ? 1e-7 : 1e-10;
        return rule is null ? null : new GoldenRule(rule, h.Flag("maximize"), tolerance);
    }

    private static GoldenRule? Optax(string name, Values h)
    {
        double η = h["learning_rate", 1], λ = h["weight_decay", 0], β1 = h["b1", 0.9], β2 = h["b2", 0.999], ε = h["eps", 1e-8];
        WeightDecay decay = λ == 0 ? WeightDecay.None : WeightDecay.Decoupled(λ);
        RuleCase? rule = name switch
        {
            "lion" =>
                RuleCase.Of(
                    new Lion
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = h["b2", 0.99],
                        WeightDecay = WeightDecay.Decoupled(h["weight_decay", 1e-3])
                    }),
            "adabelief" =>
                RuleCase.Of(
                    new AdaBelief
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = h["eps", 1e-16],
                        RootEpsilon = h["eps_root", 1e-16]
                    }),
            "yogi" => RuleCase.Of(new Yogi { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = h["eps", 1e-3] }),
            "novograd" =>
                RuleCase.Of(new NovoGrad { LearningRate = η, Beta1 = β1, Beta2 = h["b2", 0.25], Epsilon = h["eps", 1e-6], Decay = λ }),
            "amsgrad" => RuleCase.Of(new AmsGrad { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, CorrectsBeforeMaximum = true }),
            "adamaxw" => RuleCase.Of(new Adamax { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, WeightDecay = decay }),
            "sign_sgd" => RuleCase.Of(new SignSgd { LearningRate = η }),
            "rmsprop" when h.Flag("centered") =>
                RuleCase.Of(
                    new CenteredRmsProp
                    {
                        LearningRate = η, Alpha = h["decay", 0.9], Epsilon = ε, Momentum = h["momentum", 0],
                        EpsilonInsideRoot = true, InitialScale = h["initial_scale", 0]
                    }),
            "adopt" => RuleCase.Of(new Adopt { LearningRate = η, Beta1 = β1, Beta2 = h["b2", 0.9999], Epsilon = h["eps", 1e-6] }),
            "ademamix" =>
                RuleCase.Of(
                    new AdEmaMix
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = β2, Beta3 = h["b3", 0.9999], Alpha = h["alpha", 5], Epsilon = ε,
                        WeightDecay = decay
                    }),
            "schedule_free_sgd" when h["warmup_steps", 0] == 0 =>
                RuleCase.Of(
                    new ScheduleFreeSgd { LearningRate = η, Beta = β1, WeightDecay = λ == 0 ? WeightDecay.None : WeightDecay.L2(λ) }),
            "schedule_free_adamw" when h["warmup_steps", 0] == 0 =>
                RuleCase.Of(new ScheduleFreeAdamW { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, Decay = λ }),
            _ => null,
        };
        return rule is null ? null : new GoldenRule(rule);
    }

    /// <summary>AdEMAMix's schedule of β₃: linear in the half-life (the paper's equation in section 3.1).</summary>
    private static Hyperparameter SlowlyTo(double β3, double β1, double updates) => Schedule.Function(u =>
    {
        double part = (u + 1) / updates, a = Math.Log(β1), b = Math.Log(β3);
        return Math.Min(β3, Math.Exp(a * b / (((1 - part) * b) + (part * a))));
    });

    private static GoldenRule? Modern(string name, Values h, JsonElement json)
    {
        double η = h["lr", 1e-3], λ = h["weight_decay", 0], β1 = h["betas", 0, 0.9], β2 = h["betas", 1, 0.999], ε = h["eps", 1e-8];
        WeightDecay decay = λ == 0 ? WeightDecay.None : h.Flag("weight_decouple") ? WeightDecay.Decoupled(λ) : WeightDecay.L2(λ);
        RuleCase? rule = name switch
        {
            "SGDScheduleFree" =>
                RuleCase.Of(
                    new ScheduleFreeSgd
                    {
                        LearningRate = η, Beta = h["momentum", 0.9], WarmupSteps = h["warmup_steps", 0],
                        WeightDecay = λ == 0 ? WeightDecay.None : WeightDecay.L2(λ), Power = h["r", 0],
                        LearningRatePower = h["weight_lr_power", 2]
                    }),
            "AdamWScheduleFree" =>
                RuleCase.Of(
                    new ScheduleFreeAdamW
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, Decay = λ,
                        WarmupSteps = h["warmup_steps", 0], Power = h["r", 0], LearningRatePower = h["weight_lr_power", 2]
                    }),
            "Lion" =>
                RuleCase.Of(
                    new Lion
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = h["betas", 1, 0.99], WeightDecay = λ == 0 ? WeightDecay.None
                        : h.Flag("decoupled_weight_decay") ? WeightDecay.Independent(λ) : WeightDecay.Decoupled(λ)
                    }),
            "Adan" =>
                RuleCase.Of(
                    new Adan
                    {
                        LearningRate = η, Beta1 = h["betas", 0, 0.98], Beta2 = h["betas", 1, 0.92], Beta3 = h["betas", 2, 0.99],
                        Epsilon = ε, WeightDecay = decay
                    }),
            "AdaBelief" =>
                RuleCase.Of(
                    new AdaBelief
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = h["eps", 1e-16], RootEpsilon = h["eps", 1e-16],
                        WeightDecay = decay
                    }),
            "Yogi" => RuleCase.Of(new Yogi { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = h["eps", 1e-3] }),
            "AdEMAMix" when h["t_alpha_beta3", 0] > 0 =>
                RuleCase.Of(
                    new AdEmaMix
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = β2,
                        Beta3 = SlowlyTo(h["betas", 2, 0.9999], β1, h["t_alpha_beta3", 0]),
                        Alpha = Schedule.Function(u => Math.Min(1, (u + 1) / h["t_alpha_beta3", 0]) * h["alpha", 5]), Epsilon = ε,
                        WeightDecay = decay
                    }),
            "AdEMAMix" =>
                RuleCase.Of(
                    new AdEmaMix
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = β2, Beta3 = h["betas", 2, 0.9999], Alpha = h["alpha", 5],
                        Epsilon = ε, WeightDecay = decay
                    }),
            "SignSGD" when h["momentum", 0.9] == 0 => RuleCase.Of(new SignSgd { LearningRate = η }),
            "SignSGD" => RuleCase.Of(new Signum { LearningRate = η, Beta = h["momentum", 0.9] }),
            "NovoGrad" =>
                RuleCase.Of(new NovoGrad { LearningRate = η, Beta1 = h["betas", 0, 0.95], Beta2 = h["betas", 1, 0.98], Epsilon = ε }),
            _ => null,
        };
        return rule is null ? null : new GoldenRule(rule);
    }

    /// <summary>The options of a case, or the defaults that it states.</summary>
    private readonly struct Values(JsonElement json)
    {
        public double this[string name] => Find(name)!.Value.ToDouble();

        public double this[string name, double otherwise] =>
            Find(name) is { ValueKind: JsonValueKind.Number } value ? value.ToDouble() : otherwise;

        public double this[string name, int index, double otherwise] =>
            Find(name) is { ValueKind: JsonValueKind.Array } list ? list[index].ToDouble() : otherwise;

        public bool Flag(string name) => Find(name) is { ValueKind: JsonValueKind.True };

        private JsonElement? Find(string name) =>
            json.GetProperty("hyper").TryGetProperty(name, out JsonElement value)
                || (json.TryGetProperty("defaults", out JsonElement defaults) && defaults.TryGetProperty(name, out value)) ? value : null;
    }
}

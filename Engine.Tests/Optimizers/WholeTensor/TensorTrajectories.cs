using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Engine.Tests.Optimizers;

/// <summary>A golden case of a rule over tensors, and how closely it is followed.</summary>
public sealed record GoldenTensorRule(TensorCase Rule, double Tolerance = 1e-10, double FloatTolerance = 2e-5)
{
    /// <summary>The parameters that are followed; all, unless said otherwise.</summary>
    public Func<Shape, bool> Follows { get; init; } = _ => true;

    public override string ToString() => Rule.Name;
}

/// <summary>
/// Every rule over tensors follows the trajectories that PyTorch, optax and the rules' authors computed. A wrong sign, norm, axis, order
/// or correction shows at once.
/// </summary>
public sealed class TensorTrajectories
{
    private static readonly string[] s_files = ["optimizers.json", "optax.json", "modern.json"];

    /// <summary>The golden names that are ours to follow.</summary>
    private static readonly string[] s_names = ["Adafactor", "Muon", "lamb", "lars", "sm3", "adafactor", "muon", "prodigy", "Prodigy",
        "SOAP", "Shampoo", "Lamb", "LARS", "SM3", "SophiaG"];

    private static IEnumerable<TestCaseData> Followed() =>
        from file in s_files
        from entry in Golden.Cases(file).Select((json, index) => (json, index))
        where s_names.Contains(entry.json.GetProperty("optimizer").GetString())
        select new TestCaseData(entry.json,
            Map(entry.json)).SetArgDisplayNames($"{file}[{entry.index.ToString(CultureInfo.InvariantCulture)}]",
            entry.json.GetProperty("optimizer").GetString()!, entry.json.GetProperty("hyper").GetRawText().Replace('"', '\''));

    [TestCaseSource(nameof(Followed))]
    public void DoubleFollows(JsonElement trajectory, GoldenTensorRule rule) => Follow<double>(trajectory, rule, rule.Tolerance);

    [TestCaseSource(nameof(Followed))]
    public void FloatFollows(JsonElement trajectory, GoldenTensorRule rule) =>
        Follow<float>(trajectory, rule, Math.Max(rule.Tolerance, rule.FloatTolerance));

    private static void Follow<T>(JsonElement trajectory, GoldenTensorRule rule, double tolerance) where T : unmanaged,
        IFloatingPointIeee754<T>
    {
        Parameter<T>[] all = [.. GoldenTrajectories.Tensors<T>(trajectory.GetProperty("initial")).Select((t, i) =>
            new Parameter<T>($"p{i}", t))];
        Parameter<T>[] parameters = [.. all.Where(p => rule.Follows(p.Shape))];
        Optimizer<T> optimizer = new();
        rule.Rule.AddTo(optimizer, parameters);
        int number = 0;
        foreach (JsonElement step in trajectory.GetProperty("steps").EnumerateArray())
        {
            if (step.TryGetProperty("hessian_grads", out JsonElement curvature) && curvature.ValueKind != JsonValueKind.Null)
            {
                SetGradients(all, curvature);
                optimizer.UpdateCurvature();
            }
            SetGradients(all, step.GetProperty("grads"));
            optimizer.Step();
            number++;
            foreach (
                (Parameter<T> parameter,
                    Tensor<double> expected) in all.Zip(GoldenTrajectories.Tensors<double>(step.GetProperty("params"))))
            {
                if (parameters.Contains(parameter))
                {
                    Compare.Close(parameter.Value, expected, tolerance, $"{parameter.Name} after step {number}");
                }
            }
            if (typeof(T) == typeof(double) && step.TryGetProperty("d", out JsonElement d)) // in float, θ₀ − θ of 10⁻⁶ is mostly rounding
            {
                Assert.That(((Group<Prodigy, T>)optimizer.Groups[0]).Distance,
                    Is.EqualTo(d.ToDouble()).Within(tolerance * 10 * Math.Max(1e-6, d.ToDouble())), $"d after step {number}");
            }
        }
    }

    private static void SetGradients<T>(Parameter<T>[] parameters, JsonElement gradients) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach ((Parameter<T> parameter, Tensor<T> gradient) in parameters.Zip(GoldenTrajectories.Tensors<T>(gradients)))
        {
            parameter.SetGradient(gradient);
        }
    }

    /// <summary>Which of our rules, with which properties, a golden case is.</summary>
    private static GoldenTensorRule Map(JsonElement json)
    {
        Values h = new(json);
        string name = json.GetProperty("optimizer").GetString()!;
        double η = h["lr", h["learning_rate", 1]], λ = h["weight_decay", 0], β1 = h["b1", h["betas", 0, 0.9]],
            β2 = h["b2", h["betas", 1, 0.999]], ε = h["eps", 1e-8];
        return name switch
        {
            "lars" =>
                new(TensorCase.Of(
                    new Lars
                    {
                        LearningRate = η, Momentum = h["momentum", 0.9], TrustCoefficient = h["trust_coefficient", 1e-3], Decay = λ,
                        Nesterov = h.Flag("nesterov"), DecayInsideNorm = true
                    })),
            // this library leaves vectors to plain momentum
            "LARS" =>
                new(TensorCase.Of(
                    new Lars
                    {
                        LearningRate = η, Momentum = h["momentum", 0.9], TrustCoefficient = h["trust_coefficient", 1e-3],
                        Decay = λ
                    }, new Momentum { LearningRate = η, Coefficient = h["momentum", 0.9] })),
            "lamb" => new(TensorCase.Of(new Lamb { LearningRate = η, Beta1 = β1, Beta2 = β2, Epsilon = ε, Decay = λ })),
            // this library divides the step by 1 − β₁ᵗ after the trust ratio, so that it has no longer the length η‖θ‖, and adds ε to ‖u‖
            // once more, 10⁻⁷ off
            "Lamb" =>
                new(TensorCase.Of(
                    new Lamb
                    {
                        LearningRate = Schedule.Function(u => η / (1 - Math.Pow(β1, u + 1))), Beta1 = β1, Beta2 = β2,
                        Epsilon = ε, MaxParameterNorm = 10, BiasCorrection = false
                    }), 1e-5),
            "sm3" => new(TensorCase.Of(new Sm3 { LearningRate = η, Momentum = h["momentum", 0.9] })),
            "SM3" => new(
                TensorCase.Of(new Sm3 { LearningRate = η, Momentum = h["momentum", 0], Beta = h["beta", 0], Epsilon = h["eps", 1e-30] })),
            "Adafactor" =>
                new(TensorCase.Of(
                    new Adafactor
                    {
                        LearningRate = η, DecayPower = -h["beta2_decay", -0.8], ClippingThreshold = h["d", 1],
                        WeightDecay = λ == 0 ? WeightDecay.None : WeightDecay.Decoupled(λ)
                    })),
            // optax computes the power of t in float, 10⁻⁸ off
            "adafactor" =>
                new(TensorCase.Of(
                    new Adafactor
                    {
                        LearningRate = η, DecayPower = h["decay_rate", 0.8],
                        ClippingThreshold = h["clipping_threshold", double.MaxValue],
                        MultiplyByParameterScale = h.Flag("multiply_by_parameter_scale"), RelativeStep = false, AddEpsilonToSquares = true,
                        Epsilon1 = 1e-30
                    }), 1e-7),
            // the iteration in bfloat16, of which each step has 10⁻² from
            "Muon" =>
                new(TensorCase.Of(
                    new Muon
                    {
                        LearningRate = η, Momentum = h["momentum", 0.95], Nesterov = h.Flag("nesterov"), Epsilon = h["eps", 1e-7],
                        Scale = h.Text("adjust_lr_fn") == "match_rms_adamw" ? MuonScale.MatchRmsAdamW : MuonScale.Original,
                        WeightDecay = WeightDecay.Decoupled(h["weight_decay", 0.1])
                    }), 1e-2 * 15 * η),
            // optax has Nesterov's Adam for the others, which is none of our rules
            "muon" when h.Flag("nesterov") =>
                new(Optax(new Muon { LearningRate = η, WeightDecay = WeightDecay.None })) { Follows = shape => shape.Rank == 2 },
            "muon" =>
                new(TensorCase.Of(
                    new Muon
                    {
                        LearningRate = η, Nesterov = false, BiasCorrection = true, DualNorm = true, Scale = MuonScale.Transposed,
                        Epsilon = 1e-8, WeightDecay = WeightDecay.Decoupled(λ)
                    },
                        new AdamW { LearningRate = η, WeightDecay = WeightDecay.None })),
            "SophiaG" =>
                new(TensorCase.Of(
                    new SophiaG
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = β2, Rho = h["rho", 0.04], BatchSize = h["bs", 5120],
                        WeightDecay = WeightDecay.Decoupled(λ)
                    })),
            "Shampoo" => new(TensorCase.Of(new Shampoo { LearningRate = η, Epsilon = h["matrix_eps", 1e-6] })),
            // this library keeps the statistics in float, 10⁻⁷ off; of a matrix that is not square, the eigenvectors to the eigenvalue 0
            // are anybody's choice
            "SOAP" =>
                new(TensorCase.Of(
                    new Soap
                    {
                        LearningRate = η, Beta1 = β1, Beta2 = β2, Decay = h["weight_decay", 0.01],
                        UpdateInterval = h["precondition_frequency", 10], Epsilon = ε
                    }), 1e-6)
                {
                    Follows = shape =>
                        shape[0] == shape[1]
                },
            "prodigy" =>
                new(TensorCase.OfModel(
                    new Prodigy
                    {
                        BiasCorrection = true, Decay = λ, SafeguardWarmup = h.Flag("safeguard_warmup"),
                        InitialDistance = h["estim_lr0", 1e-6]
                    })),
            "Prodigy" => new(TensorCase.OfModel(new Prodigy
            {
                BiasCorrection = h.Flag("use_bias_correction"), SafeguardWarmup = h.Flag("safeguard_warmup"),
                InitialDistance = h["d0", 1e-6], DistanceCoefficient = h["d_coef", 1], GrowthRate = h["growth_rate", double.MaxValue],
                Decay = h.Flag("decouple") ? λ : 0, WeightDecay = h.Flag("decouple") ? WeightDecay.None : WeightDecay.L2(λ),
            })),
            _ => throw new ArgumentException($"No rule of ours for {name}."),
        };
    }

    private static TensorCase Optax(Muon rule) =>
        TensorCase.Of(rule with { BiasCorrection = true, Scale = MuonScale.Transposed, Epsilon = 1e-8 });

    /// <summary>
    /// Catches: the library's conventions taken for ours where they differ. The values were computed from PyTorch's source in double
    /// precision, the iteration too, unlike PyTorch's own.
    /// </summary>
    [TestCase("Adafactor", 0.0,
        new[] { 0.9776878958422882, -2.008944624908236, 0.4983125846315126, 3.0013615448523514, 0.2640342634928448, -1.0247050535709952 })]
    [TestCase("Adafactor", 0.1,
        new[] { 0.967932811831054, -1.988954074853846, 0.49334993014130135, 2.971483717439007, 0.26141958820005473, -1.014528409238861 })]
    [TestCase("Muon original", 0.1,
        new[] { 0.9698413391582207, -2.0002150952802387, 0.47455525283566957, 2.981440901916745, 0.25391314996830794,
        -1.0124536718533554 })]
    [TestCase("Muon match_rms_adamw", 0.1,
        new[] { 0.9830461682909383, -1.9870613809191253, 0.4879323984572163, 2.9740512444279643, 0.24972891362859376,
        -0.9978075133423385 })]
    public void DoublePrecisionOfPyTorchsFormulas(string name, double λ, double[] expected)
    {
        Parameter<double> w = new("w", Tensor<double>.From([1, -2, 0.5, 3, 0.25, -1], [2, 3]));
        Muon muon = new()
        {
            LearningRate = 0.01, WeightDecay = WeightDecay.Decoupled(λ), Scale = name == "Muon original"
            ? MuonScale.Original : MuonScale.MatchRmsAdamW, Epsilon = 1e-16
        };
        Optimizer<double> optimizer = name == "Adafactor"
            ? Optimizer.For(new Adafactor { LearningRate = 0.01, WeightDecay = λ == 0 ? WeightDecay.None : WeightDecay.Decoupled(λ) }, [w])
            : Optimizer.For(muon, [w]);
        for (int t = 1; t <= 10; t++)
        {
            w.SetGradient(
                Tensor<double>.From(
                    [.. from i in Enumerable.Range(0, 2) from j in Enumerable.Range(0,
                        3) select ((((7 * t) + (5 * i) + (3 * j)) % 11) - 5) / 10.0 * (1 + i)], [2, 3]));
            optimizer.Step();
        }
        Compare.Close(w.Value, Tensor<double>.From(expected, [2, 3]), 1e-10, name);
    }

    /// <summary>The options of a case, or the defaults that it states.</summary>
    private readonly struct Values(JsonElement json)
    {
        public double this[string name, double otherwise] =>
            Find(name) is { ValueKind: JsonValueKind.Number } value ? value.ToDouble() : otherwise;

        public double this[string name, int index, double otherwise] =>
            Find(name) is { ValueKind: JsonValueKind.Array } list ? list[index].ToDouble() : otherwise;

        public bool Flag(string name) => Find(name) is { ValueKind: JsonValueKind.True };

        public string? Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

        private JsonElement? Find(string name) =>
            json.GetProperty("hyper").TryGetProperty(name, out JsonElement value)
                || (json.TryGetProperty("defaults", out JsonElement defaults) && defaults.TryGetProperty(name, out value)) ? value : null;
    }
}

using Texts = System.Collections.Generic.IReadOnlyList<(string Library, string Text)>;

namespace Examples.Formulas;

/// <summary>
/// Where PyTorch 2, optax and Keras 3 do something else, as read in their sources. What the documentation of a rule says is not repeated
/// here.
/// </summary>
internal static class Differences
{
    /// <summary>By rule and library.</summary>
    public static IReadOnlyDictionary<string, Texts> ByRule { get; } = new Dictionary<string, Texts>
    {
        ["Sgd"] =
        [
            ("PyTorch", "`SGD`: the same."),
            ("optax", "`sgd`: the same; η has no default."),
            ("Keras", "`SGD`: the same; η = 0.01."),
        ],
        ["Momentum"] =
        [
            ("PyTorch", "`SGD(momentum=0.9)`: the same."), ("optax", "`sgd(momentum=0.9)`: the same, without τ."),
            ("Keras", "`SGD(momentum=0.9)`: η stands inside the buffer, b ← μb − ηg, θ ← θ + b. The path is the same while η is constant; "
                + "after a change of η, earlier gradients keep the earlier learning rate. η = 0.01."),
        ],
        ["Nesterov"] =
        [
            ("PyTorch", "`SGD(momentum=0.9, nesterov=True)`: the same."), ("optax", "`sgd(momentum=0.9, nesterov=True)`: the same."),
            ("Keras", "`SGD(momentum=0.9, nesterov=True)`: η stands inside the buffer, θ ← θ + μb − ηg."),
        ],
        ["SignSgd"] = [("PyTorch", "none."), ("optax", "`sign_sgd`: the same; η has no default."), ("Keras", "none.")],
        ["Signum"] = [("PyTorch", "none."), ("optax", "`signum`: β = 0.9; η has no default."), ("Keras", "none.")],
        ["Lion"] =
        [
            ("PyTorch", "none."), ("optax", "`lion`: the same, and decays (decoupled) by λ = 0.001 by default; η has no default."),
            ("Keras", "`Lion`: the same; η = 0.001, ten times the default here."),
        ],
        ["Rprop"] =
        [
            ("PyTorch", "`Rprop`: the same, but for the sign, which is that of the product g·g₋₁: below some 1e-23 it underflows to 0 in "
                + "single precision."),
            ("optax", "`rprop`: the sign is that of a product too; a step size is clipped only when it changes."), ("Keras", "none."),
        ],
        ["Adagrad"] =
        [
            ("PyTorch", "`Adagrad`: the same."), ("optax", "`adagrad`: ε inside the root, 1/√(s + ε), and no step where s = 0."),
            ("Keras", "`Adagrad`: ε inside the root; η = 0.001."),
        ],
        ["Adadelta"] =
        [
            ("PyTorch", "`Adadelta`: the same."),
            ("optax", "`adadelta`: the same."),
            ("Keras", "`Adadelta`: ρ = 0.95, ε = 1e-7."),
        ],
        ["RmsProp"] =
        [
            ("PyTorch", "`RMSprop`: the same."),
            ("optax", "`rmsprop`: ε inside the root unless `eps_in_sqrt=False`; α = 0.9; η has no default."),
            ("Keras", "`RMSprop`: ε = 1e-7 inside the root; α = 0.9 (called rho), η = 0.001."),
        ],
        ["RmsPropMomentum"] =
        [
            ("PyTorch", "`RMSprop(momentum=0.9)`: the same."),
            ("optax", "`rmsprop(momentum=0.9)`: ε inside the root."),
            ("Keras", "`RMSprop(momentum=0.9)`: η inside the buffer, ε = 1e-7 inside the root."),
        ],
        ["CenteredRmsProp"] =
        [
            ("PyTorch", "`RMSprop(centered=True)`: nothing keeps v − ḡ² from falling below zero."),
            ("optax", "`rmsprop(centered=True)`: likewise; ε inside the root helps while rounding is smaller than ε."),
            ("Keras", "`RMSprop(centered=True)`: as optax."),
        ],
        ["Adam"] =
        [
            ("PyTorch", "`Adam`: the same."),
            ("optax", "`adam`: the same; a second `eps_root` = 0 stands inside the root; η has no default."),
            ("Keras", "`Adam`: ε = 1e-7 is added to √v before the correction (the paper's ε̂): "
                + "θ ← θ − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε), as if ε were larger by 1/√(1 − β₂ᵗ), 32 times at the first step."),
        ],
        ["AdamW"] =
        [
            ("PyTorch", "`AdamW`: the same."),
            ("optax", "`adamw`: λ = 1e-4, a hundredth of the default here."),
            ("Keras", "`AdamW`: λ = 0.004; ε = 1e-7 before the correction, as in its Adam."),
        ],
        ["AmsGrad"] =
        [
            ("PyTorch", "`Adam(amsgrad=True)`: the same."),
            ("optax", "`amsgrad`: the maximum of the corrected v; either correction can be turned off."),
            ("Keras", "`Adam(amsgrad=True)`: the maximum of the uncorrected v; ε = 1e-7 before the correction."),
        ],
        ["Adamax"] =
        [
            ("PyTorch", "`Adamax`: the same."),
            ("optax", "`adamax`: the same; η has no default."),
            ("Keras", "`Adamax`: η = 0.001, ε = 1e-7."),
        ],
        ["NAdam"] =
        [
            ("PyTorch", "`NAdam`: the same."),
            ("optax", "`nadam`: a constant μ; also corrects m and g by different counts."),
            ("Keras", "`Nadam`: η = 0.001, ε = 1e-7."),
        ],
        ["RAdam"] =
        [
            ("PyTorch", "`RAdam`: the same."),
            ("optax", "`radam`: ε is added to the corrected √v̂; rectifies from ρₜ = 5 on, 5 included."),
            ("Keras", "none."),
        ],
        ["AdaBelief"] = [("PyTorch", "none."), ("optax", "`adabelief`: the same."), ("Keras", "none.")],
        ["Yogi"] = [("PyTorch", "none."), ("optax", "`yogi`: the same; η has no default."), ("Keras", "none.")],
        ["Adan"] =
        [
            ("PyTorch", "none."),
            ("optax", "`adan`: weighs the difference by 1 − β₂ = 0.08 where the authors' code, and this one, has β₂ = 0.92; "
                + "a second ε = 1e-8 stands inside the root."),
            ("Keras", "none."),
        ],
        ["AdEmaMix"] = [("PyTorch", "none."), ("optax", "`contrib.ademamix`: the same."), ("Keras", "none.")],
        ["Adopt"] = [("PyTorch", "none."), ("optax", "`contrib.adopt`: the same; the clipping can be turned off."), ("Keras", "none.")],
        ["NovoGrad"] = [("PyTorch", "none."), ("optax", "`novograd`: β₁ = 0.9, β₂ = 0.25, ε = 1e-6."), ("Keras", "none.")],
        ["Asgd"] = [("PyTorch", "`ASGD`: the same, with ηₜ and μₜ kept in single precision."), ("optax", "none."), ("Keras", "none.")],
        ["ScheduleFreeSgd"] =
        [
            ("PyTorch", "none in the library; the authors' package has it."),
            ("optax", "`contrib.schedule_free_sgd`: the same; evaluate at `schedule_free_eval_params`."),
            ("Keras", "none."),
        ],
        ["ScheduleFreeAdamW"] =
        [
            ("PyTorch", "none in the library; the authors' package has it."),
            ("optax", "`contrib.schedule_free_adamw`: the same; evaluate at `schedule_free_eval_params`."),
            ("Keras", "none."),
        ],
        ["Lars"] =
        [
            ("PyTorch", "none."), ("optax", "`lars`: the same with `DecayInsideNorm = true`; η has no default."), ("Keras", "none."),
        ],
        ["Lamb"] =
        [
            ("PyTorch", "none."), ("optax", "`lamb`: the same; η has no default."),
            ("Keras", "`Lamb`: the same formula; η = 0.001, ε = 1e-7."),
        ],
        ["Adafactor"] =
        [
            ("PyTorch", "`Adafactor`: the same."),
            ("optax",
                "`adafactor`: with `AddEpsilonToSquares`, ε₁ = 1e-30 and without `RelativeStep`; factors only large matrices by default."),
            ("Keras", "`Adafactor`: ε₁ = 1e-30 is added to g²; η = 0.001."),
        ],
        ["Sm3"] = [("PyTorch", "none."), ("optax", "`sm3`: the same; η has no default."), ("Keras", "none.")],
        ["Muon"] =
        [
            ("PyTorch", "`Muon`: the same, with the iteration in bfloat16 and max(‖u‖, ε) in place of ‖u‖ + ε."),
            ("optax", "`contrib.muon`: with `BiasCorrection` and `Scale = Transposed`; λ = 0; η has no default."),
            ("Keras",
                "`Muon`: the update is scaled to a root mean square of 0.2; η = 0.001, λ = 0.004; "
                    + "AdamW for parameters that are not matrices."),
        ],
        ["Shampoo"] = [("PyTorch", "none."), ("optax", "none."), ("Keras", "none.")],
        ["Soap"] = [("PyTorch", "none in the library; the authors' code is the same."), ("optax", "none."), ("Keras", "none.")],
        ["SophiaG"] =
        [
            ("PyTorch", "none in the library; the authors' code is the same."),
            ("optax", "`contrib.sophia`: estimates the curvature by Hutchinson's method by default; λ = 1e-4."), ("Keras", "none."),
        ],
        ["Prodigy"] =
        [
            ("PyTorch", "none in the library; the authors' package is the same."),
            ("optax", "`contrib.prodigy`: always with `BiasCorrection`; d has no bound on its growth."), ("Keras", "none."),
        ],
        ["Lookahead"] =
        [
            ("PyTorch", "none."), ("optax", "`lookahead`: the same; k and α have no defaults."), ("Keras", "none."),
        ],
        ["SharpnessAware"] =
        [
            ("PyTorch", "none."),
            ("optax", "`contrib.sam`: the same; as a chain of transformations, whose alternate steps are the perturbation."),
            ("Keras", "none."),
        ],
        ["Lbfgs"] =
        [
            ("PyTorch", "`LBFGS`: the same; MaxIterations is `max_iter`, HistorySize `history_size`, GradientTolerance `tolerance_grad`."),
            ("optax", "`lbfgs`: one iteration for each update, with a zoom line search; a history of 10."), ("Keras", "none."),
        ],
        ["StepRows"] =
        [
            ("PyTorch", "`SparseAdam`: `StepRows` with `Adam`, but for ε, which it adds to √v before the bias correction; "
                + "`SGD` and `Adagrad` take sparse gradients."),
            ("optax", "none."), ("Keras", "none."),
        ],
    };

    /// <summary>The defaults of rules that have the same name in several libraries and other numbers.</summary>
    public static IReadOnlyList<string[]> Clashes { get; } =
    [
        ["", "here", "PyTorch", "optax", "Keras"],
        ["SGD: η", "0.001", "0.001", "none", "0.01"],
        ["Adam: ε", "1e-8", "1e-8", "1e-8", "1e-7, before the correction"],
        ["AdamW: λ", "0.01", "0.01", "1e-4", "0.004"],
        ["Adagrad: s₀, ε", "0, 1e-10", "0, 1e-10", "0.1, 1e-7", "0.1, 1e-7"],
        ["Adadelta: η, ρ", "1, 0.9", "1, 0.9", "none, 0.9", "0.001, 0.95"],
        ["RMSprop: α, ε", "0.99, outside the root", "0.99, outside the root", "0.9, inside the root", "0.9, inside the root"],
        ["Adamax: ε", "added to |g|", "added to |g|", "added to |g|", "added to u"],
        ["NAdam: momentum", "schedule, ψ = 0.004", "schedule, ψ = 0.004", "constant", "schedule, ψ = 1"],
        ["Lion: η, λ", "1e-4, 0", "–", "none, 0.001", "0.001, 0"],
        ["NovoGrad: β₁, β₂", "0.95, 0.98", "–", "0.9, 0.25", "–"],
    ];
}

namespace Engine.Tests.Interpreters;

/// <summary>How symbols print. A missing or superfluous parenthesis changes what the formula says.</summary>
public sealed class SymbolTests
{
    private static readonly Symbol a = Symbol.Variable("a"), b = Symbol.Variable("b"), c = Symbol.Variable("c"), t = Symbol.Variable("t");

    private static IEnumerable<object[]> Printed() =>
    [
        [a + b * c, "a + b·c", @"a + b \, c"],
        [(a + b) * c, "(a + b)·c", @"\left(a + b\right) \, c"],
        [a - (b - c), "a − (b − c)", @"a - \left(b - c\right)"],
        [a - b - c, "a − b − c", "a - b - c"],
        [a + (b - c), "a + b − c", "a + b - c"],
        [a / (b * c), "a/(b·c)", @"\frac{a}{b \, c}"],
        [a / b / c, "a/b/c", @"\frac{a}{b \, c}"],
        [a / (b / c), "a/(b/c)", @"\frac{a}{\frac{b}{c}}"],
        [a / b * c, "a/b·c", @"\frac{a}{b} \, c"],
        [a * b / c, "a·b/c", @"\frac{a \, b}{c}"],
        [a / b * (c / t), "a/b·c/t", @"\frac{a}{b} \cdot \frac{c}{t}"],
        [a * (1 / b), "a/b", @"\frac{a}{b}"],
        [1 / b * a, "1/b·a", @"\frac{1}{b} \, a"],
        [-(a + b), "−(a + b)", @"-\left(a + b\right)"],
        [-(-a), "a", "a"],
        [a - -b, "a + b", "a + b"],
        [a + -b * c, "a − b·c", @"a - b \, c"],
        [a + -3, "a − 3", "a - 3"],
        [1 * a + 0, "a", "a"],
        [0 - a, "−a", "-a"],
        [(a + 0) * b, "a·b", @"a \, b"],
        [(a - a) * 0, "(a − a)·0", @"\left(a - a\right) \cdot 0"],
        [(Symbol)0 + 0, "0", "0"],
        [a * a * b, "a²·b", @"a^{2} \, b"],
        [(a + b) * (a + b), "(a + b)²", @"\left(a + b\right)^{2}"],
        [b / a * a, "b/a·a", @"\frac{b}{a} \, a"],
        [Symbol.Pow(a, t) * Symbol.Pow(a + b, 2), "aᵗ·(a + b)²", @"a^{t} \, \left(a + b\right)^{2}"],
        [Symbol.Pow(Symbol.Pow(a, b), t + 1), "(a^b)ᵗ⁺¹", @"\left(a^{b}\right)^{t + 1}"],
        [Symbol.Pow(-a, 0.25), "(−a)^0.25", @"\left(-a\right)^{0.25}"],
        [Symbol.Pow(a, b * t), "a^(b·t)", @"a^{b \, t}"],
        [Symbol.Sqrt(a) + Symbol.Sqrt(a + b), "√a + √(a + b)", @"\sqrt{a} + \sqrt{a + b}"],
        [Symbol.Sqrt(a) * Symbol.Sqrt(a), "(√a)²", @"\sqrt{a}^{2}"],
        [Symbol.Abs(a - b) * 2, "|a − b|·2", @"\left|a - b\right| \cdot 2"],
        [Symbol.Max(a, Symbol.Min(b, -c)), "max(a, min(b, −c))", @"\max\left(a, \min\left(b, -c\right)\right)"],
        [Symbol.Sign(Symbol.Tanh(a)) - Symbol.Exp(Symbol.Log(b)), "sign(tanh(a)) − exp(ln(b))",
            @"\operatorname{sign}\left(\tanh\left(a\right)\right) - \exp\left(\ln\left(b\right)\right)"],
        [Symbol.Sin(a) * Symbol.Cos(b) + Symbol.Atan(c), "sin(a)·cos(b) + arctan(c)",
            @"\sin\left(a\right) \, \cos\left(b\right) + \arctan\left(c\right)"],
        [Symbol.Erf(Symbol.ExpM1(a) - Symbol.LogP1(b)), "erf(expm1(a) − log1p(b))",
            @"\operatorname{erf}\left(\operatorname{expm1}\left(a\right) - \operatorname{log1p}\left(b\right)\right)"],
        [Symbol.WhereGreater(a, b, 1, 0) * c, "[a > b]·c", @"[a > b] \, c"],
        [Symbol.WhereGreater(0, a, b, c), "{b if a < 0, else c}",
            @"\begin{cases} b & \text{if } a < 0 \\ c & \text{otherwise} \end{cases}"],
        [c * Symbol.WhereGreater(a, 0, 1, Symbol.WhereGreater(a, b, 2, 3)), "c·{1 if a > 0, 2 if a > b, else 3}",
            @"c \, \left(\begin{cases} 1 & \text{if } a > 0 \\ 2 & \text{if } a > b \\ 3 & \text{otherwise} \end{cases}\right)"],
        [Symbol.Variable("β₁") * 1e-8, "β₁·1e-8", @"\beta_{1} \cdot 10^{-8}"],
        [Symbol.Variable("√v̂") + Symbol.Variable("μₜ₊₁") + Symbol.Variable("g₋₁") + Symbol.Variable("ηₘₐₓ"), "√v̂ + μₜ₊₁ + g₋₁ + ηₘₐₓ",
            @"\sqrt{\hat{v}} + \mu_{t+1} + g_{-1} + \eta_{\max}"],
        [Symbol.Variable("η⁻") * Symbol.Variable("η⁻") * Symbol.Variable("θ̄"), "(η⁻)²·θ̄", @"\left(\eta^{-}\right)^{2} \, \bar{\theta}"],
        [Symbol.Variable("Σw") + Symbol.Variable("speed_now") + Symbol.Variable("‖g‖"), "Σw + speed_now + ‖g‖",
            @"\Sigma w + \mathrm{speed\_now} + \lVert g\rVert"],
        [(Symbol)double.PositiveInfinity - double.NaN, "∞ − NaN", @"\infty - NaN"],
    ];

    [TestCaseSource(nameof(Printed))]
    public void Prints(Symbol symbol, string text, string latex) => Assert.Multiple(() =>
    {
        Assert.That(symbol.ToText(), Is.EqualTo(text));
        Assert.That(symbol.ToLatex(), Is.EqualTo(latex));
    });

    /// <summary>Activations are formulas too: what prints is what the kernel runs.</summary>
    [Test]
    public void An_activation_prints() => Assert.That(new ReluFunction().Value(Symbol.Variable("x")).ToText(), Is.EqualTo("max(x, 0)"));

    /// <summary>Catches arguments in the wrong order, and any operation that is evaluated as another.</summary>
    [Test]
    public void Evaluates_every_operation()
    {
        Dictionary<string, double> values = new() { ["a"] = 1.7, ["b"] = -0.6, ["c"] = 3, ["t"] = 4 };
        static L Everything<L>(L a, L b, L c, L t) where L : ILane<L> =>
            L.WhereGreater(a, b, a - b, c) / c + L.WhereGreater(b, a, a, L.Exp(b)) * L.Sqrt(a) + L.Log(a) - L.Tanh(b) + L.Pow(b,
                t) + L.Max(a, b) * L.Min(a, c) + L.Abs(b) * L.Sign(b) - -t
                + L.Sin(a) * L.Cos(b) + L.Atan(c) - L.Erf(b) + L.ExpM1(a) * L.LogP1(c);
        Assert.That(Everything(a, b, c, t).Evaluate<double>(values), Is.EqualTo(Everything<Scalar<double>>(1.7, -0.6, 3, 4).Value));
        Assert.That(Everything(a, b, c, t).Evaluate<float>(values), Is.EqualTo(Everything<Scalar<float>>(1.7, -0.6, 3, 4).Value));
    }

    [Test]
    public void A_variable_without_a_value_is_named() =>
        Assert.That(() =>
            (a + b).Evaluate<double>(new Dictionary<string, double> { ["a"] = 1 }),
                Throws.ArgumentException.With.Message.Contains("no value for b"));

    /// <summary>Printing must not take time exponential in depth: a polynomial by Horner's rule of degree 60 would never end.</summary>
    [Test]
    [CancelAfter(5000)]
    public void A_deep_formula_prints()
    {
        Symbol p = 1;
        for (int i = 0; i < 60; i++)
        {
            p = 1 / ((double)i + 2) + a * p;
        }
        Assert.That(p.ToText(), Has.Length.GreaterThan(500));
    }
}

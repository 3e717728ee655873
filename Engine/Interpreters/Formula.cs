using System.Text;

namespace Engine;

/// <summary>
/// The formula of an elementwise rule, obtained by running its code on symbols: its lines in order, its hyperparameters and its state.
/// Works for any rule, without registration: <c>Formula.Of(new Adam()).ToText()</c>.
/// </summary>
public sealed class Formula
{
    private Formula(string name, FormulaInterpreter interpreter, bool needsGradientNorm)
    {
        Name = name;
        Lines = interpreter.Lines;
        Hyperparameters = interpreter.Hyperparameters;
        State = interpreter.State;
        Evaluated = interpreter.Evaluated;
        NeedsGradientNorm = needsGradientNorm;
    }

    /// <summary>The rule's name.</summary>
    public string Name { get; }

    /// <summary>
    /// The lines of one step, weight decay first, with θ for the parameter, g for its gradient, t for the number of the update from 1 and
    /// ‖g‖ for the norm of the parameter's whole gradient.
    /// </summary>
    public IReadOnlyList<FormulaLine> Lines { get; }

    /// <summary>The hyperparameters that the lines use.</summary>
    public IReadOnlyList<FormulaHyperparameter> Hyperparameters { get; }

    /// <summary>The state arrays, then the numbers kept for each parameter.</summary>
    public IReadOnlyList<FormulaState> State { get; }

    /// <summary>The point at which the model is evaluated, for an <see cref="IAveragedRule"/>.</summary>
    public FormulaLine? Evaluated { get; }

    /// <summary>Whether the step reads the gradient once more, for its norm.</summary>
    public bool NeedsGradientNorm { get; }

    /// <summary>The formula of a rule.</summary>
    /// <exception cref="ArgumentException">The rule uses state that it does not declare, or declares a name twice.</exception>
    public static Formula Of<TRule>(in TRule rule) where TRule : struct, IRule => Of(rule, isScaled: false, isClamped: false);

    /// <summary>The formula with what clipping does to the gradient before decay and rule.</summary>
    internal static Formula Of<TRule>(in TRule rule, bool isScaled, bool isClamped) where TRule : struct, IRule =>
        new(typeof(TRule).Name, FormulaInterpreter.Of(rule, isScaled, isClamped), TRule.NeedsGradientNorm);

    /// <summary>
    /// The number of bytes that a step must read and write for each element: θ and each state array both ways, the gradient once, or twice
    /// where its norm is needed. Memory bandwidth divided by it bounds the speed of a step.
    /// </summary>
    /// <param name="elementSize">4 for <see cref="float"/>, 8 for <see cref="double"/>.</param>
    public int BytesPerElement(int elementSize = sizeof(float)) =>
        elementSize * (3 + 2 * State.Count(s => !s.IsScalar) + (NeedsGradientNorm ? 1 : 0));

    /// <summary>The formula as text, one line for each of its lines.</summary>
    public string ToText() => string.Join('\n', Lines.Select(line => line.ToText()));

    /// <summary>The formula as LaTeX: an <c>aligned</c> environment for math mode.</summary>
    public string ToLatex()
    {
        StringBuilder latex = new("\\begin{aligned}\n");
        foreach (FormulaLine line in Lines)
        {
            latex.Append(line.ToLatex()).Append(" \\\\\n");
        }
        return latex.Append("\\end{aligned}").ToString();
    }

    /// <inheritdoc cref="ToText"/>
    public override string ToString() => ToText();
}

namespace Engine;

/// <summary>Runs a rule on single numbers in double precision, with any lane of numbers for the elements.</summary>
internal sealed class NumberInterpreter<L>(RuleDeclaration declaration, double[] scalars) : Interpreter<Scalar<double>, L>(declaration)
    where L : ILane<L>
{
    private long _t;
    private double _stepNumber, _gradientNorm;

    public override Scalar<double> StepNumber => new(_stepNumber);

    protected override Scalar<double> DeclaredNorm => new(_gradientNorm);

    /// <summary>Begins update number <paramref name="t"/>, which the rule is told to be <paramref name="stepNumber"/>.</summary>
    public void Begin(long t, double stepNumber, double gradientNorm) =>
        (_t, _stepNumber, _gradientNorm) = (t, stepNumber, gradientNorm);

    public override Scalar<double> Hyper(Hyperparameter value, string symbol, HyperparameterRange range, string name) =>
        new(range.Check<double>(Declaration.Name, value, _t, symbol, name));

    public override L ToElements(Scalar<double> scalar) => scalar.Value;

    protected override Scalar<double> LoadDeclared(int index, double initial) => new(_t == 1 ? initial : scalars[index]);

    protected override void StoreDeclared(int index, Scalar<double> value) => scalars[index] = value.Value;
}

namespace Engine.Tests.Verification;

/// <summary>The checks that users run on operations of their own: right ones pass, and a wrong one is named.</summary>
public sealed class OpCheckTests
{
    private static readonly Tensor<double> X = Tensor<double>.From([0.3, -1.2, 2, 0.7], [2, 2]);

    [Test]
    public void Right_operations_pass()
    {
        OpCheck.Laws(static inputs => inputs[0].Tanh() * inputs[1], X, Tensor<double>.From(0.5, 2)).ThrowIfFailed();
        OpCheck.Laws(static inputs => inputs[0].MatMul(inputs[0]).Softmax(), X).ThrowIfFailed();
        OpCheck.Laws(static inputs => inputs[0].Apply(new Swish(1.5)), X).ThrowIfFailed();
    }

    /// <summary>Catches: a check that passes whatever the derivative is.</summary>
    [Test]
    public void A_wrong_derivative_is_named()
    {
        CheckReport report = OpCheck.Laws(static inputs => inputs[0].Apply(new WrongSquare()), X);
        Assert.That(report.Passed, Is.False);
        Assert.That(report.ToString(), Does.Contain("the gradient is that of differences").And.Contain("'input 1'"));
    }

    /// <summary>Catches: a derivative of a derivative that is lost, and a linear function, which has none, that fails.</summary>
    [Test]
    public void A_wrong_second_derivative_is_named()
    {
        OpCheck.Laws(static inputs => 3 * inputs[0], X).ThrowIfFailed();
        // the detached factor is missing from the gradient, and the gradient of that from the next
        CheckReport report = OpCheck.Laws(static inputs => inputs[0] * inputs[0].Detach(), X);
        Assert.That(report.Results.Select(static result => result.Passed), Is.EqualTo((bool[])[false, false, true]));
        Assert.That(() => OpCheck.Laws(static inputs => inputs[0]), Throws.ArgumentException.With.Message.Contains("no inputs"));
    }

    private readonly record struct WrongSquare : IUnaryFunction
    {
        public static string Name => "WrongSquare";

        public L Value<L>(L x) where L : ILane<L> => x * x;

        public L Derivative<L>(L x, L y) where L : ILane<L> => x;
    }
}

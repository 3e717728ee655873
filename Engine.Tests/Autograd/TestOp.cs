namespace Engine.Tests;

/// <summary>An operation whose Backward a test writes in place.</summary>
internal sealed class TestOp(TestOp.BackwardMethod backward) : Op<double>
{
    public delegate void BackwardMethod(in Node<double> node, in BackwardContext<double> context);

    public override string Name => "TestOp";

    protected internal override void Backward(in Node<double> node, in BackwardContext<double> context) => backward(node, context);
}

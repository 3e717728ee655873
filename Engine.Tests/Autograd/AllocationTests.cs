using NUnit.Framework;

namespace Engine.Tests;

/// <summary>A warm recording allocates nothing: everything comes from the tape's memory.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
[Category("Slow")]
internal sealed class AllocationTests<T> where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
{
    /// <summary>An array, a closure, a boxed number or an enumerator in any operation, forward or back.</summary>
    [Test]
    public void All_operations_forward_and_back([Values(4, 33)] int n)
    {
        Parameter<T> a = new("a", Tensor<T>.From(Samples.Uniform<T>(n * n * n, 1, 0.5, 1.5), [n, n, n])),
            b = new("b", Tensor<T>.From(Samples.Uniform<T>(n, 2, 0.5, 1.5), [n, 1]));
        Tape<T> tape = new();
        Warm.AllocatesNothing(() => Step(tape, a, b), steps: 2);
    }

    private static void Step(Tape<T> tape, Parameter<T> a, Parameter<T> b)
    {
        a.ClearGradient();
        b.ClearGradient();
        using (tape.Record())
        {
            Tensor<T> x = a.Value + b.Value, y = x * b.Value - x / b.Value;
            y = 1 - (2 * y + 1) / 3 - 1 / (x - 5) + 0.5;
            for (int i = 0; i < FunctionCase<T>.All.Count; i++)
            {
                y += FunctionCase<T>.All[i].Apply(x) * 0.01;
            }
            y = y.MatMul(a.Value, transposeB: true).MatMul(
                b.Value.Reshape(-1), transposeA: true).Reshape(b.Shape[0], -1).MatMul(b.Value) + y.Permute(2, 0,
                1).Sum([0, 2]).Reshape(b.Shape);
            y = y + y.Transpose().Mean(0).Reshape(-1, 1) + x.Softmax().Mean([0, 1], keepDimensions: true).Reshape(b.Shape)
                + x.LogSoftmax(1).Sum(-1).Sum(0).Reshape(-1, 1);
            tape.Backward((y.Sum() + x.Mean()) / 7);
        }
    }
}

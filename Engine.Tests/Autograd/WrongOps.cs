namespace Engine.Tests;

/// <summary>Operations whose Backward is wrong in one way each, which a gradient check must find.</summary>
internal static class WrongOps
{
    /// <summary>x² with the slope 2.001x.</summary>
    public static Tensor<double> WrongFactor(Tensor<double> x) =>
        Record(
            new WrongOp("WrongFactor", static (node, context) => Contribute(context, node.A, (i, g) => g * 2.001 * node.A.Span[i])), x,
            Values(x, static v => v * v));

    /// <summary>x² whose slope is NaN in one place.</summary>
    public static Tensor<double> NaNInOnePlace(Tensor<double> x) =>
        Record(
            new WrongOp(
                "NaNInOnePlace",
                static (node, context) => Contribute(context, node.A, (i, g) => i == 1 ? double.NaN : g * 2 * node.A.Span[i])),
            x, Values(x, static v => v * v));

    /// <summary>x² that contributes nothing.</summary>
    public static Tensor<double> NoContribution(Tensor<double> x) =>
        Record(new WrongOp("NoContribution", static (_, _) => { }), x, Values(x, static v => v * v));

    /// <summary>x² that does not multiply with the output's gradient.</summary>
    public static Tensor<double> WithoutOutputGradient(Tensor<double> x) =>
        Record(
            new WrongOp("WithoutOutputGradient", static (node, context) => Contribute(context, node.A, (i, _) => 2 * node.A.Span[i])), x,
            Values(x, static v => v * v));

    /// <summary>x² with another slope in every second backward pass.</summary>
    public static Tensor<double> Undetermined(Tensor<double> x, Func<int> count) =>
        Record(
            new WrongOp(
                "Undetermined", (node, context) => Contribute(context, node.A, (i, g) => g * (2 + 1e-9 * (count() % 2)) * node.A.Span[i])),
            x, Values(x, static v => v * v));

    /// <summary>a + b with b of shape [n] and a of shape [m, n], that gives b the gradient of the first row alone.</summary>
    public static Tensor<double> ForgottenSum(Tensor<double> a, Tensor<double> b)
    {
        Tensor<double> sum = Tape<double>.Allocate(a.Shape, out Span<double> elements);
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = a.Span[i] + b.Span[i % b.Length];
        }
        return Tape<double>.Record(new Node<double> { Op = new WrongOp("ForgottenSum", Backward), A = a, B = b }, sum);

        static void Backward(Node<double> node, BackwardContext<double> context)
        {
            Contribute(context, node.A, static (_, g) => g);
            Contribute(context, node.B, static (_, g) => g);
        }
    }

    private static Tensor<double> Record(WrongOp op, Tensor<double> x, Tensor<double> y) =>
        Tape<double>.Record(new Node<double> { Op = op, A = x }, y);

    private static Tensor<double> Values(Tensor<double> x, Func<double, double> f)
    {
        Tensor<double> y = Tape<double>.Allocate(x.Shape, out Span<double> elements);
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = f(x.Span[i]);
        }
        return y;
    }

    private static void Contribute(
        scoped in BackwardContext<double> context, scoped in Tensor<double> input, Func<int, double, double> element)
    {
        if (context.NeedsGradient(input))
        {
            Tensor<double> d = context.Allocate(input, out Span<double> elements);
            for (int i = 0; i < elements.Length; i++)
            {
                elements[i] = element(i, context.OutputGradient.Span[i]);
            }
            context.Accumulate(input, d);
        }
    }

    private delegate void BackwardMethod(Node<double> node, BackwardContext<double> context);

    private sealed class WrongOp(string name, BackwardMethod backward) : Op<double>
    {
        public override string Name => name;

        protected internal override void Backward(in Node<double> node, in BackwardContext<double> context) => backward(node, context);
    }
}

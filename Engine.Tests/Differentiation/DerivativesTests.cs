namespace Engine.Tests;

/// <summary>Derivatives of functions of one tensor, against closed forms.</summary>
internal sealed class DerivativesTests
{
    private static readonly Tensor<double> s_matrix = Tensor<double>.From([2, 1, -1, 0.5, 3, 4], [2, 3]);
    private static readonly Tensor<double> s_point = Tensor<double>.From(0.3, -0.7, 1.1), s_direction = Tensor<double>.From(1, -2, 0.5);

    private static Tensor<double> Rosenbrock(Tensor<double> x)
    {
        Tensor<double> a = x.Slice(..^1), b = x.Slice(1..);
        return (100 * (b - a.Square()).Square() + (1 - a).Square()).Sum();
    }

    /// <summary>Rows and columns exchanged; a seed that is not a unit vector.</summary>
    [Test]
    public void Jacobian_of_a_linear_function_is_its_matrix() =>
        Closeness.Check(Derivatives.Jacobian(static x => s_matrix.MatMul(x), s_point), s_matrix, "Jacobian");

    [Test]
    public void Jacobian_of_an_elementwise_function_is_diagonal() => Closeness.Check(
        Derivatives.Jacobian(static x => x.Tanh(), s_point),
        Tensor<double>.From([.. Enumerable.Range(0, 9).Select(
            static i => i % 4 == 0 ? 1 - Math.Pow(Math.Tanh(s_point.Span[i / 4]), 2) : 0)], [3, 3]),
        "Jacobian");

    /// <summary>A product with the transpose instead of the matrix.</summary>
    [Test]
    public void Products_are_those_with_the_Jacobian()
    {
        static Tensor<double> Function(Tensor<double> x) => s_matrix.MatMul(x.Square()).Tanh();
        Tensor<double> jacobian = Derivatives.Jacobian(Function, s_point), v = Tensor<double>.From(0.4, -1.3);
        Closeness.Check(Derivatives.VectorJacobianProduct(Function, s_point, v), v.MatMul(jacobian), "vᵀJ");
        Closeness.Check(Derivatives.JacobianVectorProduct(Function, s_point, s_direction), jacobian.MatMul(s_direction), "Jv");
    }

    /// <summary>A second derivative without the cross terms.</summary>
    [Test]
    public void Hessian_of_Rosenbrock()
    {
        (double x, double y) = (-1.2, 1);
        Tensor<double> expected = Tensor<double>.From([1200 * x * x - 400 * y + 2, -400 * x, -400 * x, 200], [2, 2]);
        Closeness.Check(Derivatives.Hessian(Rosenbrock, Tensor<double>.From(x, y)), expected, "Hessian");
    }

    [Test]
    public void Hessian_of_a_linear_function_is_zero() =>
        Assert.That(Derivatives.Hessian(static x => (2 * x).Sum(), s_point).ToArray(), Is.All.Zero);

    [Test]
    public void Hessian_vector_product_is_that_with_the_Hessian()
    {
        Tensor<double> hessian = Derivatives.Hessian(Rosenbrock, s_point);
        Closeness.Check(Derivatives.HessianVectorProduct(Rosenbrock, s_point, s_direction), hessian.MatMul(s_direction), "Hv");
        Closeness.Check(hessian.Transpose(), hessian, "symmetric");
    }

    /// <summary>A derivative that is right once and not again.</summary>
    [Test]
    public void Derivatives_to_the_fourth_order()
    {
        Parameter<double> x = new("x", Tensor<double>.From(0.7));
        Tape<double> tape = new();
        using (tape.Record())
        {
            Tensor<double> d = x.Value.Exp() * x.Value.Square();
            // (x² eˣ)⁽ⁿ⁾ = (x² + 2nx + n(n − 1)) eˣ
            for (int n = 1; n <= 4; n++)
            {
                d = tape.Gradient(d, x.Value);
                Assert.That(d.Item, Is.EqualTo((0.49 + 1.4 * n + n * (n - 1)) * Math.Exp(0.7)).Within(1e-13 * 50), $"order {n}");
            }
        }
    }

    /// <summary>
    /// A chain rule that takes g for a constant where it is 0: at u = 0 the second derivative of u(x)² is 2u′², whatever g = 2u is.
    /// </summary>
    [Test]
    public void Second_derivative_where_the_first_vanishes() => Closeness.Check(
        Derivatives.Hessian(static x => (3 * x.Exp() - 3).Square().Sum(), Tensor<double>.From(0.0)), Tensor<double>.From([18], [1, 1]),
            "2u′²");

    /// <summary>The penalty of a gradient's norm: the gradient is used in a loss, whose gradient goes to the parameters.</summary>
    [Test]
    public void Gradient_penalty()
    {
        Parameter<double> w = new("w", Tensor<double>.From([0.4, -0.2, 0.7, 0.1, 0.9, -0.5], [2, 3])),
            v = new("v", Tensor<double>.From(0.3, -0.8));
        GradCheck.Assert(
            () =>
            {
                Parameter<double> input = new("input", s_point);
                Tensor<double> y = (v.Value * w.Value.MatMul(input.Value).Tanh()).Sum();
                return (Tape<double>.Current!.Gradient(y, input.Value).Square().Sum().Sqrt() - 1).Square();
            },
            [w, v]);
    }

    [Test]
    public void Newtons_method_finds_the_minimum_of_Rosenbrock()
    {
        NewtonResult result = NewtonsMethod.Minimize(Rosenbrock, Tensor<double>.From(-1.2, 1, -0.5, 2));
        Assert.That(result.HasConverged, result.ToString());
        Assert.That(result.Point.ToArray(), Is.EqualTo((double[])[1, 1, 1, 1]).Within(1e-9).Or.All.GreaterThan(-1.5), "a stationary point");
        Assert.That(result.Iterations, Is.InRange(5, 60));
    }

    /// <summary>A quadratic function is minimized in one step; a saddle point is left.</summary>
    [Test]
    public void Newtons_method_on_quadratic_functions()
    {
        NewtonResult bowl = NewtonsMethod.Minimize(
            static x => (Tensor<double>.From(1, 5, 20) * (x - 2).Square()).Sum(), Tensor<double>.From(9, -3, 4));
        Assert.That(bowl.Iterations, Is.EqualTo(1));
        Assert.That(bowl.Point.ToArray(), Is.All.EqualTo(2).Within(1e-12));
        NewtonResult saddle = NewtonsMethod.Minimize(
            static x => (Tensor<double>.From(1, -1) * x.Square()).Sum() + 0.25 * x.Square().Square().Sum(), Tensor<double>.From(0.3, 0.01));
        Assert.That(saddle.Point.ToArray(), Is.EqualTo((double[])[0, Math.Sqrt(2)]).Within(1e-9), "−x² + x⁴/4 is least at ±√2");
    }

    /// <summary>
    /// A search that takes a value which rounds to the same for no progress: the constant hides the last decreases of the value, and the
    /// gradient does not know it.
    /// </summary>
    [Test]
    public void Newtons_method_converges_where_the_values_differ_by_rounding_only()
    {
        NewtonResult valley = NewtonsMethod.Minimize(static x => Rosenbrock(x) + 1e6, Tensor<double>.From(-1.2, 1));
        Assert.That(valley.HasConverged, valley.ToString());
        Assert.That(valley.Point.ToArray(), Is.All.EqualTo(1).Within(1e-9));
        NewtonResult cosh = NewtonsMethod.Minimize(static x => (x - 3).Cosh().Sum() + 1000, Tensor<double>.From(0.5));
        Assert.That(cosh.HasConverged, cosh.ToString());
        Assert.That(cosh.Point.Item, Is.EqualTo(3).Within(1e-9));
        NewtonResult flat = NewtonsMethod.Minimize(static x => x.Abs().Sum(), Tensor<double>.From(1.0));
        Assert.That((flat.HasConverged, flat.Iterations), Is.EqualTo((false, 0)), "no Newton step, no progress, and an end");
    }

    /// <summary>A message that names a call inside, which the caller has not written.</summary>
    [Test]
    public void Errors_name_the_call()
    {
        Message("Gradient", static () => Derivatives.Gradient(static x => x, s_point));
        Message("Hessian", static () => Derivatives.Hessian(static x => x, s_point));
        Message("HessianVectorProduct", static () => Derivatives.HessianVectorProduct(static x => x, s_point, s_direction));
        Message("NewtonsMethod", static () => NewtonsMethod.Minimize(static x => x, s_point));
        Assert.That(
            static () => Derivatives.VectorJacobianProduct(static x => x, s_point, s_matrix),
            Throws.ArgumentException.With.Message.StartsWith("VectorJacobianProduct: got "));
        Tape<double> tape = new();
        Parameter<double> p = new("p", s_point);
        using (tape.Record())
        {
            Tensor<double> y = p.Value.Square();
            Message("Gradient", () => tape.Gradient(y, p.Value));
            Message("Gradients", () => tape.Gradients(y, [p.Value]));
            Tensor<double> sum = y.Sum();
            p.SetValue(s_direction);
            Message("Gradient", () => tape.Gradient(sum, p.Value));
            Message("Backward", () => tape.Backward(sum));
        }

        static void Message(string call, Action code) =>
            Assert.That(code, Throws.InvalidOperationException.With.Message.StartsWith(call + ": "));
    }

    [Test]
    public void Wrong_arguments_are_refused()
    {
        Assert.That(static () => NewtonsMethod.Minimize(null!, s_point), Throws.ArgumentNullException);
        Assert.That(static () => Derivatives.Hessian(null!, s_point), Throws.ArgumentNullException);
        Assert.That(() => Derivatives.Gradient(static x => x, s_point),
            Throws.InvalidOperationException.With.Message.Contains("expected a scalar"));
        Assert.That(() => Derivatives.HessianVectorProduct(Rosenbrock, s_point, s_matrix),
            Throws.ArgumentException.With.Message.Contains("[2, 3]"));
        Assert.That(() => Derivatives.VectorJacobianProduct(static x => x, s_point, s_matrix),
            Throws.ArgumentException.With.Message.Contains("[2, 3]"));
        Assert.That(() => NewtonsMethod.Minimize(Rosenbrock, s_point, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Tape<double> tape = new();
        Parameter<double> p = new("p", s_point);
        Assert.That(() => tape.Gradient(p.Value.Sum(), p.Value), Throws.InvalidOperationException.With.Message.Contains("not recording"));
        using (tape.Record())
        {
            Assert.That(() => tape.Gradient(p.Value.Sum(), s_point),
                Throws.ArgumentException.With.Message.Contains("constant of shape [3] as input 0"));
        }
    }

    /// <summary>
    /// The hypergradient of a model's loss after three steps, with gradients taken from the tape: derivatives by the learning rate and by
    /// the initial weights go through every step.
    /// </summary>
    [Test]
    public void Hypergradients_through_a_model()
    {
        Parameter<double> rate = new("η", Tensor<double>.From([0.1], [])),
            start = new("w", Tensor<double>.From([0.4, -0.2, 0.7, 0.1, 0.9, -0.5], [2, 3]));
        Tensor<double> x = Tensor<double>.From(Samples.Uniform<double>(12, 4, -1, 1), [4, 3]);
        int[] classes = [0, 1, 1, 0];
        GradCheck.Assert(
            () =>
            {
                DifferentiableStep<Momentum, double> step = new DifferentiableStep<Momentum, double>(new Momentum())
                    .With(nameof(Momentum.LearningRate), rate.Value);
                DifferentiableState<double> at = step.Start(start.Value);
                for (int k = 0; k < 3; k++)
                {
                    Tensor<double> loss = x.Linear(at.Parameter).CrossEntropy(classes);
                    at = step.Next(at, Tape<double>.Current!.Gradient(loss, at.Parameter));
                }
                return x.Linear(at.Parameter).CrossEntropy(classes);
            },
            [rate, start]);
    }

    /// <summary>
    /// The same through modules that know nothing of it. Catches: parameters that are read past the tensors in their place, that stay
    /// replaced or are put back in the wrong order, derivatives that do not go through the steps.
    /// </summary>
    [Test]
    public void Hypergradients_through_a_module()
    {
        RandomKey key = RandomKey.FromSeed(3);
        Sequential<double> model = new(
            new Linear<double>(3, 4, key.Fold("a")), new LayerNorm<double>([4]), new Tanh<double>(),
            new Linear<double>(4, 2, key.Fold("b")));
        Parameter<double> rate = new("η", Tensor<double>.From([0.1], []));
        Tensor<double> x = Tensor<double>.From(Samples.Uniform<double>(12, 4, -1, 1), [4, 3]);
        int[] classes = [0, 1, 1, 0];
        Tensor<double> before = model.Forward(x);
        GradCheck.Assert(
            () =>
            {
                DifferentiableStep<Adam, double> step = new DifferentiableStep<Adam, double>(new Adam())
                    .With(nameof(Adam.LearningRate), rate.Value);
                DifferentiableState<double>[] at = [.. model.Parameters.Select(parameter => step.Start(parameter.Value))];
                for (int k = 0; k < 3; k++)
                {
                    Tensor<double>[] values = [.. at.Select(static state => state.Parameter)];
                    Tensor<double>[] gradients = Tape<double>.Current!.Gradients(Loss(values), values);
                    at = [.. at.Zip(gradients, (state, gradient) => step.Next(state, gradient))];
                }
                return Loss([.. at.Select(static state => state.Parameter)]);
            },
            [rate, .. model.Parameters]);
        Assert.That(model.Forward(x).ToArray(), Is.EqualTo(before.ToArray()), "the model is as before");

        Tensor<double> Loss(Tensor<double>[] values)
        {
            using (model.Substitute(values))
            {
                return model.Forward(x).CrossEntropy(classes);
            }
        }
    }

    [Test]
    public void Only_tensors_that_fit_take_the_place_of_parameters()
    {
        Linear<double> layer = new(2, 1, RandomKey.FromSeed(1));
        double weight = layer.Weight.Value.Span[0];
        Tensor<double> one = Tensor<double>.Ones([1, 2]), two = 2 * one, bias = Tensor<double>.Zeros([1]);
        Assert.That(
            () => layer.Substitute(one), Throws.ArgumentException.With.Message.Contains("got 1 tensors, expected one for each of 2"));
        Assert.That(
            () => layer.Substitute(bias, bias),
            Throws.ArgumentException.With.Message.Contains("got the shape [1] for the parameter 'weight', expected [1, 2]"));
        using (layer.Substitute(one, bias))
        {
            using (layer.Substitute(two, bias))
            {
                Assert.That(layer.Weight.Value.Span[0], Is.EqualTo(2));
            }
            Assert.That(layer.Weight.Value.Span[0], Is.EqualTo(1));
            layer.Weight.SetGradient(one);
            Optimizer.For(new Sgd { LearningRate = 1 }, [layer.Weight]).Step();
        }
        Assert.That(layer.Weight.Value.Span[0], Is.EqualTo(weight - 1), "the step is of the own value");
        Assert.That(one.Span[0], Is.EqualTo(1));
    }
}
